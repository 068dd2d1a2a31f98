using Cronos;

namespace OpenClaw.Grains.Tasks.Schedules;

/// <summary>
/// Slots of a cron expression, read in a time zone. A slot in the hour that daylight saving leaves out comes right after it; one in the
/// repeated hour comes once, unless the expression names an interval, whose slots come in both.
/// </summary>
internal sealed class CronSchedule(CronExpression expression, TimeZoneInfo zone) : ISchedule
{
    public DateTimeOffset? NextAfter(DateTimeOffset time) => expression.GetNextOccurrence(time, zone)?.ToUniversalTime();
}
