using System.Globalization;
using System.Text.Json;

namespace OpenClaw.Contract.Tests.Support;

/// <summary>The forms of values that occur in many answers.</summary>
internal static class Shape
{
    /// <summary>ISO-8601 in UTC with <c>Z</c>, near the present.</summary>
    public static void IsRecentTime(JsonElement value)
    {
        var text = value.GetString()!;
        Assert.EndsWith("Z", text, StringComparison.Ordinal);
        var time = DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);
        var now = TimeProvider.System.GetUtcNow();
        Assert.InRange(time, now.AddHours(-1), now.AddMinutes(1));
    }

    /// <summary>An object of counts, none negative.</summary>
    public static void IsUsage(JsonElement value)
    {
        // Beside the counts a usage can say that they are estimated.
        var counts = value.EnumerateObject().Where(count => !count.NameEquals("estimated")).ToList();
        Assert.NotEmpty(counts);
        Assert.All(counts, count => Assert.True(count.Value.GetInt64() >= 0, value.GetRawText()));
        Assert.Contains(counts, count => count.Value.GetInt64() > 0);
    }

    /// <summary>The names of an object's properties.</summary>
    public static IReadOnlyList<string> Names(JsonElement value) => [.. value.EnumerateObject().Select(property => property.Name)];

    /// <summary>The object has all of these properties; more may be added, none renamed or left out.</summary>
    public static void Has(JsonElement value, params string[] names) =>
        Assert.True(names.All(name => value.TryGetProperty(name, out _)), $"Expected {string.Join(", ", names)} in {value.GetRawText()}");
}
