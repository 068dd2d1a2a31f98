using System.Globalization;
using System.Text.Json;

namespace OpenClaw.Grains.Skills.Running.Server;

/// <summary>What a report is about: from a time on, up to another, which it does not hold.</summary>
internal sealed record ReportPeriod(DateTimeOffset From, DateTimeOffset To)
{
    private const string DayFormat = "yyyy-MM-dd";

    /// <summary>The days named; else the last so many times 24 hours.</summary>
    /// <param name="parameters">They fit the skill's schema.</param>
    /// <param name="now">The time of the report.</param>
    /// <param name="period">The period, where nothing is wrong.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? Read(JsonElement parameters, DateTimeOffset now, out ReportPeriod period)
    {
        var length = TimeSpan.FromDays(parameters.TryGetProperty("days", out var days) ? days.GetDouble() : 1);
        period = new ReportPeriod(now - length, now);
        if (Day("to") is { } to)
        {
            if (to.Date is not { } last) return "to: there is no such day";
            period = new ReportPeriod(last.AddDays(1) - length, last.AddDays(1));
        }

        if (Day("from") is not { } from) return null;
        if (from.Date is not { } first) return "from: there is no such day";
        period = period with { From = first, To = parameters.TryGetProperty("to", out _) ? period.To : now };
        return period.From < period.To ? null : "from: must not be after the period's end";

        (DateTimeOffset? Date, bool _)? Day(string name) => !parameters.TryGetProperty(name, out var value) ? null
            : DateTime.TryParseExact(value.GetString(), DayFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? (new DateTimeOffset(date, TimeSpan.Zero), true)
            : (null, false);
    }

    /// <summary>Whether a time is in it.</summary>
    public bool Holds(DateTimeOffset time) => time >= From && time < To;

    /// <summary>The file that a report of it goes to when nobody says where.</summary>
    public string DefaultPath => string.Create(CultureInfo.InvariantCulture, $"/Documents/reports/report-{To.AddTicks(-1):yyyy-MM-dd}.md");

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{From:yyyy-MM-dd HH:mm} to {To:yyyy-MM-dd HH:mm} UTC");
}
