using OpenClaw.Grains.Abstractions.Tasks;

namespace OpenClaw.Grains.Tasks.Schedules;

/// <summary>What becomes of a run while others are under way.</summary>
internal static class OverlapRules
{
    /// <summary>Runs that wait.</summary>
    public const int MostWaiting = 100;

    /// <summary>Runs at once, with <see cref="TaskOverlap.Parallel"/>.</summary>
    public const int MostAtOnce = 10;

    /// <summary>Whether one more may run.</summary>
    public static bool MayStart(TaskOverlap rule, int running) => running < (rule is TaskOverlap.Parallel ? MostAtOnce : 1);

    /// <summary>How a new run begins: as running, queued or skipped.</summary>
    /// <param name="rule">The task's.</param>
    /// <param name="running">Runs that have begun and not ended, those that wait for another attempt included.</param>
    /// <param name="waiting">Runs that have not begun.</param>
    public static TaskRunStatus Decide(TaskOverlap rule, int running, int waiting) => rule switch
    {
        _ when waiting == 0 && MayStart(rule, running) => TaskRunStatus.Running,
        TaskOverlap.Skip => TaskRunStatus.Skipped,
        _ => waiting < MostWaiting ? TaskRunStatus.Queued : TaskRunStatus.Skipped,
    };
}
