using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Events;

namespace OpenClaw.Grains.Webhooks;

/// <summary>The events that deliveries tell of.</summary>
internal static class ToldEvents
{
    /// <summary>The event of a number, or null when it is not kept any more.</summary>
    public static async ValueTask<TenantEventState?> FindAsync(this IEventLog events, TenantId tenant, long seq, CancellationToken cancellationToken)
    {
        var found = await events.ReadAsync(tenant, seq - 1, 1, cancellationToken);
        return found.Count > 0 && found[0].Seq == seq ? found[0] : null;
    }
}
