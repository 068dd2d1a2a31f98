using System.Globalization;
using OpenClaw.Grains.Abstractions.Tasks;

namespace OpenClaw.Grains.Tasks.Tools;

/// <summary>What the task tools have in common.</summary>
internal static class TaskTools
{
    /// <summary>When a task runs next, in words for a model.</summary>
    public static string NextOf(TaskInfo task) => task.NextRuns is [var next, ..]
        ? next.UtcDateTime.ToString("'next at' yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
        : task.Status is ScheduledTaskStatus.Paused ? "not before it is resumed" : "no more";
}
