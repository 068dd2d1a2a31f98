namespace OpenClaw.Grains.Tasks.Schedules;

/// <summary>Enumerates slots.</summary>
internal static class Slots
{
    /// <summary>Slots never lie closer together.</summary>
    private static readonly TimeSpan Closest = TimeSpan.FromSeconds(1);

    /// <summary>The first slots after a time, in their order.</summary>
    public static IEnumerable<DateTimeOffset> After(ISchedule schedule, DateTimeOffset time)
    {
        while (schedule.NextAfter(time) is { } slot)
        {
            yield return slot;
            time = slot;
        }
    }

    /// <summary>The last slots after <paramref name="from"/> and not after <paramref name="to"/>, in their order.</summary>
    /// <remarks>
    /// Schedules know the way forward alone: looks from ever further back until enough are found, so that a year of slots a second
    /// apart takes no longer than an hour of them.
    /// </remarks>
    public static IReadOnlyList<DateTimeOffset> Last(ISchedule schedule, DateTimeOffset from, DateTimeOffset to, int most)
    {
        for (var back = Closest * most; ; back *= 4)
        {
            var isAll = to - from <= back;
            var found = After(schedule, isAll ? from : to - back).TakeWhile(slot => slot <= to).ToList();
            if (isAll || found.Count >= most) return found.GetRange(Math.Max(0, found.Count - most), Math.Min(found.Count, most));
        }
    }
}
