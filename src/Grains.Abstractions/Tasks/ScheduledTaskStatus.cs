namespace OpenClaw.Grains.Abstractions.Tasks;

/// <summary>Whether a task has slots to come.</summary>
[GenerateSerializer, Alias("OpenClaw.ScheduledTaskStatus")]
public enum ScheduledTaskStatus
{
    Scheduled,

    Paused,

    /// <summary>There is no slot any more.</summary>
    Completed,
}
