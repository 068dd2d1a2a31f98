namespace OpenClaw.Grains.Tasks.Schedules;

/// <summary>Slots that lie equally far apart, counted from an anchor, which is none itself.</summary>
internal sealed class IntervalSchedule(DateTimeOffset anchor, TimeSpan interval) : ISchedule
{
    public DateTimeOffset? NextAfter(DateTimeOffset time)
    {
        var passed = time < anchor ? 0 : (time - anchor).Ticks / interval.Ticks;
        var room = DateTimeOffset.MaxValue - anchor;
        return passed + 1 > room.Ticks / interval.Ticks ? null : anchor + ((passed + 1) * interval);
    }
}
