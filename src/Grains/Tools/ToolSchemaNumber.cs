using System.Globalization;
using System.Text.Json;

namespace OpenClaw.Grains.Tools;

/// <summary>Numbers of JSON: compared as decimals where they are some, else as doubles.</summary>
internal static class ToolSchemaNumber
{
    public static int Compare(JsonElement left, JsonElement right) => Exact(left) is { } first && Exact(right) is { } second
        ? first.CompareTo(second)
        : left.GetDouble().CompareTo(right.GetDouble());

    /// <summary>1.0 and 1e2 are integers too.</summary>
    public static bool IsInteger(JsonElement number) => Exact(number) is { } exact ? decimal.IsInteger(exact) : double.IsInteger(number.GetDouble());

    /// <param name="number">The number.</param>
    /// <param name="unit">Above 0.</param>
    public static bool IsMultiple(JsonElement number, JsonElement unit) => Exact(number) is { } exact && Exact(unit) is { } step
        ? exact % step == 0
        : double.IsInteger(number.GetDouble() / unit.GetDouble());

    /// <summary>The same text for the same value, however it was written.</summary>
    public static string Write(JsonElement number) => Exact(number) is { } exact
        // Divided by a one with many digits, a decimal loses its zeros at the end.
        ? (exact / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
        : number.GetDouble().ToString("R", CultureInfo.InvariantCulture);

    /// <summary>Null where a decimal does not reach: beyond its range, and where it would make nothing of something very small.</summary>
    private static decimal? Exact(JsonElement number) => number.TryGetDecimal(out var exact) && (exact != 0 || number.GetDouble() == 0) ? exact : null;
}
