using OpenClaw.Grains.Abstractions.Approvals;

namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>A session as its owner sees it.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.SessionInfo")]
public sealed record SessionInfo
{
    [Id(0)] public required string SessionId { get; init; }

    [Id(1)] public required SessionStatus Status { get; init; }

    /// <summary>The model as chosen at creation.</summary>
    [Id(2)] public required string Model { get; init; }

    /// <summary>The model that will answer; differs from <see cref="Model"/> when no provider is configured.</summary>
    [Id(3)] public required string ServedBy { get; init; }

    /// <summary>The caller's JSON object; empty when none was given.</summary>
    [Id(4)] public JsonPayload Context { get; init; }

    [Id(5)] public string? Title { get; init; }

    [Id(6)] public required DateTimeOffset CreatedAt { get; init; }

    [Id(7)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>User and assistant messages in the history.</summary>
    [Id(8)] public long MessageCount { get; init; }

    [Id(9)] public TokenUsage Usage { get; init; } = TokenUsage.Zero;

    [Id(10)] public ActiveTurn? ActiveTurn { get; init; }

    /// <summary>What its tools may do beside what its tenant says; null: everything.</summary>
    [Id(11)] public ToolPolicy? ToolPolicy { get; init; }
}

[GenerateSerializer, Alias("OpenClaw.SessionStatus")]
public enum SessionStatus
{
    /// <summary>No message yet.</summary>
    Created,

    /// <summary>A turn runs, or waits for an approval.</summary>
    Active,

    /// <summary>Nothing runs.</summary>
    Idle,
}

/// <summary>The turn that runs now.</summary>
/// <param name="TurnId">Its id.</param>
/// <param name="StartedAt">When it was first started; a recovery does not change it.</param>
/// <param name="Step">Model calls so far, 1 to 50.</param>
/// <param name="Waiting">Messages that wait behind it, 0 to 100.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.ActiveTurn")]
public sealed record ActiveTurn(
    [property: Id(0)] string TurnId,
    [property: Id(1)] DateTimeOffset StartedAt,
    [property: Id(2)] int Step,
    [property: Id(3)] int Waiting);
