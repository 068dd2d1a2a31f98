using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>A session whose turn runs, as an operator sees it: nothing that its users have said, its title neither.</summary>
/// <param name="TenantId">Whose it is.</param>
/// <param name="SessionId">Its id, unique in its tenant.</param>
/// <param name="Model">The model as chosen.</param>
/// <param name="UpdatedAt">When its log was last written.</param>
/// <param name="ActiveTurn">The turn; null when it was just ending.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.ActiveSession")]
public sealed record ActiveSession(
    [property: Id(0)] string TenantId,
    [property: Id(1)] string SessionId,
    [property: Id(2)] string Model,
    [property: Id(3)] DateTimeOffset UpdatedAt,
    [property: Id(4)] ActiveTurn? ActiveTurn);

/// <summary>A page of active sessions. <c>NextCursor</c> is null on the last page; an unreadable cursor gives a <c>Problem</c>.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.ActiveSessionPage")]
public sealed record ActiveSessionPage(
    [property: Id(0)] IReadOnlyList<ActiveSession> Sessions,
    [property: Id(1)] string? NextCursor,
    [property: Id(2)] Problem? Problem = null);

/// <summary>Whose a session is.</summary>
/// <param name="TenantId">A tenant that has a session of the id.</param>
/// <param name="IsAmbiguous">Another tenant has one as well: ids are unique in their tenant alone.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.SessionOwner")]
public sealed record SessionOwner([property: Id(0)] string TenantId, [property: Id(1)] bool IsAmbiguous);
