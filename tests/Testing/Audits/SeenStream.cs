using OpenClaw.Testing.Http;

namespace OpenClaw.Testing.Audits;

/// <summary>The frames that one connection brought, in the order in which they came.</summary>
/// <param name="After">The seq after which a stream of the whole session was asked for; null for a stream of one turn.</param>
public sealed record SeenStream(long? After)
{
    public List<StreamFrame> Frames { get; init; } = [];
}
