using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Tasks;

/// <summary>The record of a run.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TaskRunInfo")]
public sealed record TaskRunInfo
{
    [Id(0)] public required string RunId { get; init; }

    /// <summary>The slot; of a run beside the slots, when it was asked for.</summary>
    [Id(1)] public required DateTimeOffset ScheduledFor { get; init; }

    /// <summary>Somebody asked for it.</summary>
    [Id(2)] public required bool IsManual { get; init; }

    [Id(3)] public required TaskRunStatus Status { get; init; }

    /// <summary>1 is the first; 0 before it.</summary>
    [Id(4)] public required int Attempt { get; init; }

    [Id(5)] public DateTimeOffset? StartedAt { get; init; }

    [Id(6)] public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When it is tried again.</summary>
    [Id(7)] public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>JSON; empty where there is none.</summary>
    [Id(8)] public JsonPayload Result { get; init; }

    /// <summary>Why it failed, or its last attempt did.</summary>
    [Id(9)] public Problem? Error { get; init; }

    /// <summary>The conversation that it speaks in.</summary>
    [Id(10)] public string? SessionId { get; init; }
}
