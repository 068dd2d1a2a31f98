namespace OpenClaw.Grains.Tasks.Schedules;

/// <summary>One slot.</summary>
internal sealed class OneTimeSchedule(DateTimeOffset at) : ISchedule
{
    public DateTimeOffset? NextAfter(DateTimeOffset time) => time < at ? at : null;
}
