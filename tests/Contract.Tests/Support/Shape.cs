using System.Globalization;
using System.Text.Json;

namespace OpenClaw.Contract.Tests.Support;

/// <summary>The forms of values that occur in many answers.</summary>
internal static class Shape
{
    /// <summary>ISO-8601 in UTC with <c>Z</c>, near the present.</summary>
    public static void IsRecentTime(JsonElement value)
    {
        var time = Time(value);
        var now = TimeProvider.System.GetUtcNow();
        Assert.InRange(time, now.AddHours(-1), now.AddMinutes(1));
    }

    /// <summary>A time in ISO-8601 in UTC with <c>Z</c>.</summary>
    public static DateTimeOffset Time(JsonElement value)
    {
        var text = value.GetString()!;
        Assert.EndsWith("Z", text, StringComparison.Ordinal);
        return DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
    }

    /// <summary>The time that an object's property holds.</summary>
    public static DateTimeOffset Time(JsonElement value, string property) => Time(value.GetProperty(property));

    /// <summary>An object with counts, none negative.</summary>
    public static void IsUsage(JsonElement value)
    {
        var counts = Counts(value);
        Assert.All(counts, count => Assert.True(count.Value >= 0, value.GetRawText()));
        Assert.Contains(counts, count => count.Value > 0);
    }

    /// <summary>The properties of an object that are numbers.</summary>
    public static IReadOnlyDictionary<string, long> Counts(JsonElement value) =>
        value.EnumerateObject()
            .Where(property => property.Value.ValueKind == JsonValueKind.Number)
            .ToDictionary(property => property.Name, property => property.Value.GetInt64());

    /// <summary>The object has all of these properties; more may be added, none renamed or left out.</summary>
    public static void Has(JsonElement value, params string[] names) =>
        Assert.True(names.All(name => value.TryGetProperty(name, out _)), $"Expected {string.Join(", ", names)} in {value.GetRawText()}");
}
