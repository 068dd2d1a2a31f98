namespace OpenClaw.Grains.Abstractions.Skills;

/// <summary>The record of an execution.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.SkillRunInfo")]
public sealed record SkillRunInfo
{
    [Id(0)] public required string RunId { get; init; }

    [Id(1)] public required string Action { get; init; }

    [Id(2)] public required string Version { get; init; }

    /// <summary><c>running</c>, <c>succeeded</c>, <c>failed</c>, <c>timeout</c>, <c>cancelled</c>, or <c>unknown</c>: its silo died under it.</summary>
    [Id(3)] public required string Status { get; init; }

    [Id(4)] public required DateTimeOffset StartedAt { get; init; }

    [Id(5)] public DateTimeOffset? FinishedAt { get; init; }

    [Id(6)] public string? SessionId { get; init; }

    [Id(7)] public string? TurnId { get; init; }
}
