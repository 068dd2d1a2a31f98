using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>A page of sessions. <c>NextCursor</c> is null on the last page.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.SessionPage")]
public sealed record SessionPage(
    [property: Id(0)] IReadOnlyList<SessionInfo> Sessions,
    [property: Id(1)] string? NextCursor,
    [property: Id(2)] Problem? Problem = null);
