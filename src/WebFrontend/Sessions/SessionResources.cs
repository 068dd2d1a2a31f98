using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Approvals;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>The answer to the creation of a session.</summary>
internal sealed record CreatedSessionResource(string SessionId, string Status, string Model, string ServedBy, DateTimeOffset CreatedAt);

/// <summary>The answer to the deletion of a session.</summary>
internal sealed record DeletedSessionResource(string SessionId, string Status);

/// <summary>A session.</summary>
internal sealed record SessionResource
{
    public required string SessionId { get; init; }

    /// <summary><c>created</c>, <c>active</c> or <c>idle</c>.</summary>
    public required string Status { get; init; }

    public required string Model { get; init; }

    public required string ServedBy { get; init; }

    public required RawJson Context { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public string? Title { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public required long MessageCount { get; init; }

    public required TokenUsageResource Usage { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public ActiveTurnResource? ActiveTurn { get; init; }

    /// <summary>Only where the session has one.</summary>
    public IReadOnlyList<ToolRuleResource>? ToolPolicy { get; init; }

    public static SessionResource Of(SessionInfo session) => new()
    {
        SessionId = session.SessionId,
        Status = StatusOf(session.Status),
        Model = session.Model,
        ServedBy = session.ServedBy,
        Context = RawJson.OrEmptyObject(session.Context),
        Title = session.Title,
        CreatedAt = session.CreatedAt,
        UpdatedAt = session.UpdatedAt,
        MessageCount = session.MessageCount,
        Usage = TokenUsageResource.Of(session.Usage),
        ActiveTurn = ActiveTurnResource.Of(session.ActiveTurn),
        ToolPolicy = session.ToolPolicy is { } policy ? ToolRuleResource.Of(policy) : null,
    };

    public static string StatusOf(SessionStatus status) => status switch
    {
        SessionStatus.Created => "created",
        SessionStatus.Active => "active",
        _ => "idle",
    };
}

/// <summary>The turn that runs now.</summary>
internal sealed record ActiveTurnResource(string TurnId, DateTimeOffset StartedAt, int Step, int Waiting)
{
    public static ActiveTurnResource? Of(ActiveTurn? turn) =>
        turn is null ? null : new ActiveTurnResource(turn.TurnId, turn.StartedAt, turn.Step, turn.Waiting);
}

/// <summary>Tokens; <c>estimated</c> only when the provider did not count them.</summary>
internal sealed record TokenUsageResource(long InputTokens, long OutputTokens, long TotalTokens, bool? Estimated)
{
    public static TokenUsageResource Of(TokenUsage usage) =>
        new(usage.InputTokens, usage.OutputTokens, usage.TotalTokens, usage.Estimated ? true : null);
}

/// <summary>A page of sessions, newest first.</summary>
internal sealed record SessionListResource(
    IReadOnlyList<SessionResource> Sessions,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);

/// <summary>What a cancel did. <c>turnId</c> is the turn that was cancelled, null when none ran.</summary>
internal sealed record CancelResource(
    string SessionId,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? TurnId)
{
    public static CancelResource Of(SessionKey session, string? turnId) =>
        new(session.SessionId, turnId is null ? "idle" : "cancelled", turnId);
}
