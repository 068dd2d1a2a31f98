namespace OpenClaw.Grains.Abstractions.Tasks;

/// <summary>What of a task is to be changed; null leaves it as it is.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.UpdateTask")]
public sealed record UpdateTask
{
    [Id(0)] public string? Name { get; init; }

    [Id(1)] public TaskSchedule? Schedule { get; init; }

    [Id(2)] public string? Zone { get; init; }

    [Id(3)] public TaskAction? Action { get; init; }

    [Id(4)] public TaskOverlap? Overlap { get; init; }

    [Id(5)] public TaskMisfire? Misfire { get; init; }

    [Id(6)] public int? Timeout { get; init; }

    [Id(7)] public int? Retries { get; init; }

    /// <summary>True pauses, false resumes.</summary>
    [Id(8)] public bool? Paused { get; init; }

    /// <summary>With a new action, or to resume: the task is theirs from then on, and needs its action's scopes.</summary>
    [Id(9)] public required TaskCaller Caller { get; init; }
}
