using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.Grains.Abstractions.Events;

/// <summary>The Orleans streams that carry a tenant's events and the pieces of its answers.</summary>
/// <remarks>The doorbell and the fast path, never the truth: the item is a <see cref="TenantEventBatch"/>, and a lost one costs a read.</remarks>
public static class TenantEventStreams
{
    public const string Provider = SessionStreams.Provider;

    /// <summary>A stream's key is its tenant's <see cref="TenantEventsKey"/>.</summary>
    public const string Namespace = "tenant";
}
