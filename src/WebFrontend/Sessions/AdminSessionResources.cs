using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>A session whose turn runs, as an operator sees it.</summary>
internal sealed record ActiveSessionResource(
    string TenantId,
    string SessionId,
    string Model,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] ActiveTurnResource? ActiveTurn,
    DateTimeOffset UpdatedAt)
{
    public static ActiveSessionResource Of(ActiveSession session) => new(
        session.TenantId, session.SessionId, session.Model, ActiveTurnResource.Of(session.ActiveTurn), session.UpdatedAt);
}

/// <summary>A page of active sessions.</summary>
internal sealed record ActiveSessionListResource(
    IReadOnlyList<ActiveSessionResource> Sessions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);
