using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Tasks;

/// <summary>Either the task as it is now or why the call was refused.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TaskChanged")]
public sealed record TaskChanged([property: Id(0)] TaskInfo? Task, [property: Id(1)] Problem? Problem);

/// <summary>A page of tasks, the youngest first.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TaskPage")]
public sealed record TaskPage
{
    [Id(0)] public IReadOnlyList<TaskInfo> Tasks { get; init; } = [];

    [Id(1)] public string? NextCursor { get; init; }

    [Id(2)] public Problem? Problem { get; init; }
}

/// <summary>Either the run that was asked for or why there is none.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TaskRunStarted")]
public sealed record TaskRunStarted([property: Id(0)] TaskRunInfo? Run, [property: Id(1)] Problem? Problem);

/// <summary>A page of runs, the latest first.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TaskRunPage")]
public sealed record TaskRunPage
{
    [Id(0)] public IReadOnlyList<TaskRunInfo> Runs { get; init; } = [];

    [Id(1)] public string? NextCursor { get; init; }

    [Id(2)] public Problem? Problem { get; init; }
}
