using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Tasks;

/// <summary>A task as its owner sees it.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TaskInfo")]
public sealed record TaskInfo
{
    [Id(0)] public required string TaskId { get; init; }

    [Id(1)] public required string Name { get; init; }

    [Id(2)] public required TaskSchedule Schedule { get; init; }

    [Id(3)] public required string Zone { get; init; }

    [Id(4)] public required ScheduledTaskStatus Status { get; init; }

    [Id(5)] public required TaskAction Action { get; init; }

    [Id(6)] public required TaskOverlap Overlap { get; init; }

    [Id(7)] public required TaskMisfire Misfire { get; init; }

    /// <summary>Milliseconds.</summary>
    [Id(8)] public required int Timeout { get; init; }

    [Id(9)] public required int Retries { get; init; }

    /// <summary>The slots that are to be handled next, 5 at most; none while it is paused. One that has come is among them until it is handled.</summary>
    [Id(10)] public required IReadOnlyList<DateTimeOffset> NextRuns { get; init; }

    /// <summary>Why the server paused it: <c>failures</c> or <c>key</c>; null when it did not.</summary>
    [Id(11)] public string? PausedReason { get; init; }

    [Id(12)] public TaskRunInfo? LastRun { get; init; }

    /// <summary>Runs that failed in a row.</summary>
    [Id(13)] public required int Failures { get; init; }

    [Id(14)] public required DateTimeOffset CreatedAt { get; init; }

    [Id(15)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Why runs would fail as things are.</summary>
    [Id(16)] public required IReadOnlyList<LocalizedText> Warnings { get; init; }
}
