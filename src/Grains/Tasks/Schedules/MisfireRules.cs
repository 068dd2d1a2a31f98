using OpenClaw.Grains.Abstractions.Tasks;

namespace OpenClaw.Grains.Tasks.Schedules;

/// <summary>Which of the slots that have come run.</summary>
internal static class MisfireRules
{
    /// <summary>A slot that is handled later than this is missed.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(60);

    /// <summary>Of missed slots, with <see cref="TaskMisfire.All"/>.</summary>
    public const int MostMissed = 100;

    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    /// <summary>The slots after <paramref name="through"/> and not after <paramref name="now"/> that run, in their order.</summary>
    public static IReadOnlyList<DateTimeOffset> Choose(ISchedule schedule, TaskMisfire rule, DateTimeOffset through, DateTimeOffset now)
    {
        // The last instant at which a slot is missed.
        var missedUntil = now - Grace - Instant;
        IReadOnlyList<DateTimeOffset> missed = through >= missedUntil ? [] : rule switch
        {
            TaskMisfire.Skip => [],
            TaskMisfire.Once => Slots.Last(schedule, through, missedUntil, 1),
            _ => Slots.Last(schedule, through, missedUntil, MostMissed),
        };
        var inTime = Slots.After(schedule, through > missedUntil ? through : missedUntil).TakeWhile(slot => slot <= now);
        return missed.Concat(inTime).ToArray();
    }
}
