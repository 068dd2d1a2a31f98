using Cronos;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tasks;

namespace OpenClaw.Grains.Tasks.Schedules;

/// <summary>Makes slots of what a caller has written, or says what is wrong with it.</summary>
internal static class ScheduleReader
{
    private const int FieldsWithSeconds = 6;

    /// <summary>Of a zone's name; the longest there is has 32.</summary>
    private const int MaxZoneLength = 64;

    /// <summary>What is wrong with a schedule whose slots are counted from <paramref name="now"/> on, or null.</summary>
    public static Problem? FindProblem(TaskSchedule schedule, string zone, DateTimeOffset now)
    {
        if (FindZone(zone) is null) return Problem.Invalid("timezone", TaskReasons.UnknownZone);
        var given = (schedule.Cron is null ? 0 : 1) + (schedule.At is null ? 0 : 1) + (schedule.EverySeconds is null ? 0 : 1);
        if (given != 1) return Problem.Invalid("schedule", TaskReasons.ScheduleShape);
        if (schedule.EverySeconds is < 1 or > TaskSchedule.MaxSeconds) return Problem.Invalid("schedule.everySeconds", TaskReasons.EverySeconds);
        if (schedule.At <= now) return Problem.Invalid("schedule.at", TaskReasons.InPast);
        if (schedule.Cron is not { } cron) return null;
        if (cron.Length > TaskSchedule.MaxCronLength) return Problem.Invalid("schedule", TaskReasons.CronTooLong);
        try
        {
            return Read(schedule, zone, now).NextAfter(now) is null ? Problem.Invalid("schedule", TaskReasons.NeverFires) : null;
        }
        catch (CronFormatException failure)
        {
            // The end of the text is a character of its own to the parser.
            return Problem.Invalid("schedule", TaskReasons.Cron(failure.Message.Replace("character '\0'", "end", StringComparison.Ordinal)));
        }
    }

    /// <summary>The slots of a schedule that was found to be in order.</summary>
    /// <param name="schedule">One of its members is set.</param>
    /// <param name="zone">The name of a zone.</param>
    /// <param name="anchor">Where equal distances are counted from.</param>
    public static ISchedule Read(TaskSchedule schedule, string zone, DateTimeOffset anchor) => schedule switch
    {
        { At: { } at } => new OneTimeSchedule(at),
        { EverySeconds: { } seconds } => new IntervalSchedule(anchor, TimeSpan.FromSeconds(seconds)),
        // A zone that the machine has lost is no reason to lose the task.
        _ => new CronSchedule(Parse(schedule.Cron ?? ""), FindZone(zone) ?? TimeZoneInfo.Utc),
    };

    private static CronExpression Parse(string cron)
    {
        var fields = cron.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length;
        return CronExpression.Parse(cron, fields == FieldsWithSeconds ? CronFormat.IncludeSeconds : CronFormat.Standard);
    }

    private static TimeZoneInfo? FindZone(string name)
    {
        // Anything else is looked for as a file, wherever the name leads.
        if (name.Length is 0 or > MaxZoneLength || !name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+')) return null;
        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (Exception failure) when (failure is TimeZoneNotFoundException or InvalidTimeZoneException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
