using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Tasks.Schedules;

namespace OpenClaw.Grains.Tests.Tasks;

/// <summary>Which instants a schedule names, daylight saving included.</summary>
public sealed class ScheduleTests
{
    private const string Berlin = "Europe/Berlin";
    private const string NewYork = "America/New_York";

    private static readonly DateTimeOffset Now = Utc(2026, 1, 1);

    [Theory]
    // Spring: 02:30 does not exist, and runs at the first instant that does.
    [InlineData(Berlin, "30 2 29 3 *", "2026-03-29T01:00:00Z")]
    [InlineData(NewYork, "30 2 8 3 *", "2026-03-08T07:00:00Z")]
    // Autumn: 02:30 (01:30) comes twice, and the first counts.
    [InlineData(Berlin, "30 2 25 10 *", "2026-10-25T00:30:00Z")]
    [InlineData(NewYork, "30 1 1 11 *", "2026-11-01T05:30:00Z")]
    public void A_slot_at_a_change_of_the_clocks_runs_once(string zone, string cron, string expected)
    {
        var slots = Take(cron, zone, Now, 2);

        Assert.Equal(DateTimeOffset.Parse(expected, null), slots[0]);
        Assert.True(slots[1] - slots[0] > TimeSpan.FromDays(300));
    }

    [Theory]
    [InlineData(Berlin, "2026-10-25T00:00:00Z")]
    [InlineData(NewYork, "2026-11-01T05:00:00Z")]
    public void An_interval_runs_through_both_of_the_repeated_hours(string zone, string from)
    {
        var start = DateTimeOffset.Parse(from, null);

        Assert.Equal(Enumerable.Range(1, 8).Select(half => start.AddMinutes(30 * half)), Take("*/30 * * * *", zone, start, 8));
    }

    [Theory]
    [InlineData(Berlin, 3, 29, 10, 25, 8, 7)]
    [InlineData(NewYork, 3, 8, 11, 1, 14, 13)]
    public void A_year_of_daily_runs_keeps_the_hour_of_the_clock(
        string zone, int springMonth, int springDay, int autumnMonth, int autumnDay, int winterHour, int summerHour)
    {
        var slots = Take("0 9 * * *", zone, Now, 365);

        var (spring, autumn) = (Utc(2026, springMonth, springDay), Utc(2026, autumnMonth, autumnDay));
        var expected = Enumerable.Range(0, 365).Select(day => Now.AddDays(day))
            .Select(day => day.AddHours(day >= spring && day < autumn ? summerHour : winterHour));
        Assert.Equal(expected, slots);
    }

    [Fact]
    public void A_sixth_field_in_front_is_the_seconds() =>
        Assert.Equal([Now.AddSeconds(10), Now.AddSeconds(40), Now.AddSeconds(70)], Take("10/30 * * * * *", "UTC", Now, 3));

    [Theory]
    [InlineData("@daily", "0 0 * * *")]
    [InlineData("@hourly", "0 * * * *")]
    [InlineData("@weekly", "0 0 * * 0")]
    [InlineData("@monthly", "0 0 1 * *")]
    [InlineData("@yearly", "0 0 1 1 *")]
    [InlineData("0 9 * JAN MON-FRI", "0 9 * 1 1-5")]
    public void Names_stand_for_what_they_say(string name, string fields) =>
        Assert.Equal(Take(fields, "UTC", Now, 5), Take(name, "UTC", Now, 5));

    [Theory]
    [InlineData("0 0 30 2 *")]
    [InlineData("0 0 31 4,6,9,11 *")]
    public void An_expression_that_never_fires_is_refused(string cron)
    {
        var problem = ScheduleReader.FindProblem(new TaskSchedule { Cron = cron }, "UTC", Now);

        Assert.Equal((400, "schedule"), (problem!.Status, problem.Field));
        Assert.Equal("this expression names no time that ever comes", problem.Reason!.English);
    }

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("* * * *")]
    [InlineData("60 * * * *")]
    [InlineData("99999999999999999999 * * * *")]
    [InlineData("* * * * * * *")]
    [InlineData("@never")]
    public void A_text_that_is_no_cron_expression_is_refused(string cron) =>
        Assert.Equal("schedule", ScheduleReader.FindProblem(new TaskSchedule { Cron = cron }, "UTC", Now)!.Field);

    [Theory]
    [InlineData("Mars/Olympus")]
    [InlineData("../../etc/passwd")]
    [InlineData("")]
    [InlineData("W. Europe Standard Time")]
    public void A_zone_that_nobody_knows_is_refused(string zone) =>
        Assert.Equal("timezone", ScheduleReader.FindProblem(new TaskSchedule { Cron = "@daily" }, zone, Now)!.Field);

    [Fact]
    public void A_time_in_the_past_and_the_present_itself_are_refused()
    {
        Assert.Equal("schedule.at", ScheduleReader.FindProblem(new TaskSchedule { At = Now }, "UTC", Now)!.Field);
        Assert.Equal("schedule.at", ScheduleReader.FindProblem(new TaskSchedule { At = Now.AddYears(-1) }, "UTC", Now)!.Field);
        Assert.Null(ScheduleReader.FindProblem(new TaskSchedule { At = Now.AddSeconds(1) }, "UTC", Now));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_distance_beyond_a_year_or_of_nothing_is_refused(int seconds) =>
        Assert.Equal("schedule.everySeconds", ScheduleReader.FindProblem(new TaskSchedule { EverySeconds = seconds }, "UTC", Now)!.Field);

    [Fact]
    public void A_schedule_says_one_thing()
    {
        Assert.Equal("schedule", ScheduleReader.FindProblem(new TaskSchedule(), "UTC", Now)!.Field);
        Assert.Equal("schedule", ScheduleReader.FindProblem(new TaskSchedule { Cron = "@daily", EverySeconds = 5 }, "UTC", Now)!.Field);
    }

    [Fact]
    public void Equal_distances_are_counted_from_the_anchor_which_is_no_slot()
    {
        var schedule = new IntervalSchedule(Now, TimeSpan.FromSeconds(7));

        Assert.Equal(Now.AddSeconds(7), schedule.NextAfter(Now));
        Assert.Equal(Now.AddSeconds(7), schedule.NextAfter(Now.AddDays(-1)));
        Assert.Equal(Now.AddSeconds(7), schedule.NextAfter(Now.AddMilliseconds(6_999)));
        Assert.Equal(Now.AddSeconds(14), schedule.NextAfter(Now.AddSeconds(7)));
        Assert.Null(schedule.NextAfter(DateTimeOffset.MaxValue));
    }

    [Fact]
    public void The_last_slots_of_a_year_of_seconds_are_found_at_once() =>
        Assert.Equal(
            Enumerable.Range(1, 100).Select(second => Now.AddSeconds(second - 100)),
            Slots.Last(Read("* * * * * *", "UTC"), Now.AddYears(-1), Now, 100));

    [Fact]
    public void The_last_slots_are_all_there_are_when_there_are_fewer()
    {
        Assert.Equal([Now.AddDays(-1), Now], Slots.Last(Read("@daily", "UTC"), Now.AddDays(-2), Now, 100));
        Assert.Equal([Now], Slots.Last(Read("@daily", "UTC"), Now.AddDays(-2), Now, 1));
        Assert.Empty(Slots.Last(Read("@daily", "UTC"), Now, Now.AddHours(1), 5));
    }

    private static DateTimeOffset Utc(int year, int month, int day) => new(year, month, day, 0, 0, 0, TimeSpan.Zero);

    private static ISchedule Read(string cron, string zone) => ScheduleReader.Read(new TaskSchedule { Cron = cron }, zone, Now);

    private static List<DateTimeOffset> Take(string cron, string zone, DateTimeOffset after, int count) =>
        [.. Slots.After(Read(cron, zone), after).Take(count)];
}
