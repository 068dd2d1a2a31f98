using System.Globalization;
using OpenClaw.Contract.Tests.Support;

namespace OpenClaw.Contract.Tests.Tasks;

/// <summary>Slots in time zones, around the hours that daylight saving leaves out and repeats.</summary>
public sealed class TimeZoneTests(Servers servers) : TaskTest(servers.OnSqlite)
{
    private async Task<List<DateTimeOffset>> NextRunsAsync(string schedule, string timezone)
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Message(), schedule, ("timezone", timezone));
        var task = await TaskAsync(tenant.Client, id);
        var next = task.GetProperty("nextRuns").EnumerateArray().Select(Shape.Time).ToList();
        Assert.Equal(5, next.Count);
        Assert.Equal(next[0], Shape.Time(task, "nextRunAt"));
        Assert.Equal(timezone, Text(task, "timezone"));
        return next;
    }

    /// <summary>The first five of these from now on, of this year and the five after it.</summary>
    private static List<DateTimeOffset> Next(Func<int, IEnumerable<DateTimeOffset>> ofYear)
    {
        var now = TimeProvider.System.GetUtcNow();
        return [.. Enumerable.Range(now.Year, 7).SelectMany(ofYear).Order().Where(time => time > now).Take(5)];
    }

    private static DateTimeOffset Utc(int year, int month, int day, int hour, int minute = 0, int second = 0) => new(year, month, day, hour, minute, second, TimeSpan.Zero);

    /// <summary>When the clocks of the European Union are changed: at 01:00 UTC of the month's last Sunday.</summary>
    private static DateTimeOffset LastSunday(int year, int month)
    {
        var last = Utc(year, month, DateTime.DaysInMonth(year, month), 1);
        return last.AddDays(-(int)last.DayOfWeek);
    }

    [Theory]
    [InlineData("Europe/Berlin")]
    [InlineData("America/New_York")]
    [InlineData("Australia/Sydney")]
    [InlineData("Asia/Kolkata")]
    [InlineData("UTC")]
    public async Task Nine_o_clock_is_nine_o_clock_there_on_each_of_the_next_days(string timezone)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(timezone);

        var local = (await NextRunsAsync("0 9 * * *", timezone)).ConvertAll(time => TimeZoneInfo.ConvertTime(time, zone));

        Assert.All(local, time => Assert.Equal(new TimeSpan(9, 0, 0), time.TimeOfDay));
        Assert.Equal(Enumerable.Range(0, 5).Select(day => local[0].Date.AddDays(day)), local.Select(time => time.Date));
    }

    /// <summary>Summer and winter: hours of UTC that stand in every almanac.</summary>
    [Theory]
    [InlineData("Europe/Berlin", "08:00", "07:00")]
    [InlineData("America/New_York", "14:00", "13:00")]
    [InlineData("Asia/Shanghai", "01:00", "01:00")]
    [InlineData("Asia/Kolkata", "03:30", "03:30")]
    [InlineData("Australia/Sydney", "22:00", "23:00")]
    [InlineData("Australia/Lord_Howe", "22:00", "22:30")]
    public async Task A_slot_keeps_its_local_hour_in_summer_and_winter(string timezone, string inJanuary, string inJuly)
    {
        var january = TimeSpan.Parse(inJanuary, CultureInfo.InvariantCulture);
        var july = TimeSpan.Parse(inJuly, CultureInfo.InvariantCulture);

        var next = await NextRunsAsync("0 9 15 1,7 *", timezone);

        // East of some zones nine o'clock is the evening before.
        Assert.All(next, time => Assert.Equal(time.Month == 1 ? january : july, time.TimeOfDay));
        Assert.All(next, time => Assert.True(time.Month is 1 or 7, $"{time}"));
        Assert.All(next, time => Assert.Equal(time.TimeOfDay >= new TimeSpan(22, 0, 0) ? 14 : 15, time.Day));
    }

    [Fact]
    public async Task A_slot_in_the_hour_that_is_left_out_runs_right_after_it()
    {
        var next = await NextRunsAsync("30 2 * 3 0L", "Europe/Berlin");

        Assert.Equal(Next(year => [LastSunday(year, 3)]), next);
    }

    [Fact]
    public async Task A_slot_in_the_hour_that_is_repeated_runs_once()
    {
        var next = await NextRunsAsync("30 2 * 10 0L", "Europe/Berlin");

        // In summer's half: the hour begins at 00:00 UTC and again at 01:00.
        Assert.Equal(Next(year => [LastSunday(year, 10).AddMinutes(-30)]), next);
    }

    [Fact]
    public async Task An_interval_runs_in_both_of_the_repeated_hours()
    {
        var next = await NextRunsAsync("*/30 2 * 10 0L", "Europe/Berlin");

        Assert.Equal(
            Next(year => new[] { -60, -30, 0, 30 }.Select(minutes => LastSunday(year, 10).AddMinutes(minutes))),
            next);
    }

    [Fact]
    public async Task An_hour_that_the_day_does_not_have_leaves_the_other_days_alone()
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

        // The last Sunday of March and the Monday after it.
        var next = await NextRunsAsync("30 2 25-31 3 *", "Europe/Berlin");

        Assert.All(next, time =>
        {
            var local = TimeZoneInfo.ConvertTime(time, zone);
            var expected = time == LastSunday(time.Year, 3) ? new TimeSpan(3, 0, 0) : new TimeSpan(2, 30, 0);
            Assert.Equal(expected, local.TimeOfDay);
        });
    }

    [Theory]
    [InlineData("@daily", "Asia/Tokyo", 15)]
    [InlineData("@daily", "UTC", 0)]
    [InlineData("0 0 * * *", "Asia/Shanghai", 16)]
    public async Task A_day_begins_where_the_zone_is(string schedule, string timezone, int hour)
    {
        var next = await NextRunsAsync(schedule, timezone);

        Assert.All(next, time => Assert.Equal(TimeSpan.FromHours(hour), time.TimeOfDay));
    }

    [Fact]
    public async Task The_first_of_six_fields_is_the_second()
    {
        var next = await NextRunsAsync("15 30 9 1 1 *", "UTC");

        Assert.Equal(Next(year => [Utc(year, 1, 1, 9, 30, 15)]), next);
    }

    [Fact]
    public async Task A_leap_day_comes_every_fourth_year()
    {
        var next = await NextRunsAsync("0 0 29 2 *", "UTC");

        Assert.All(next, time => Assert.Equal((2, 29), (time.Month, time.Day)));
        Assert.All(next.Zip(next.Skip(1)), pair => Assert.Equal(4, pair.Second.Year - pair.First.Year));
    }

    [Fact]
    public async Task Another_zone_moves_the_slots()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Message(), "0 9 * * *", ("timezone", "Asia/Shanghai"));

        var changed = await ChangeAsync(tenant.Client, id, new { timezone = "Asia/Kolkata" });

        Assert.All(
            changed.GetProperty("nextRuns").EnumerateArray().Select(Shape.Time), time => Assert.Equal(new TimeSpan(3, 30, 0), time.TimeOfDay));
    }
}
