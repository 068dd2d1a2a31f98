namespace OpenClaw.Grains.Tasks.Schedules;

/// <summary>The slots of a task.</summary>
internal interface ISchedule
{
    /// <summary>The first slot after a time; null when there is none any more.</summary>
    DateTimeOffset? NextAfter(DateTimeOffset time);
}
