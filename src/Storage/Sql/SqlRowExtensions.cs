namespace OpenClaw.Storage.Sql;

internal static class SqlRowExtensions
{
    public const decimal Billion = 1_000_000_000;

    public static DateTimeOffset GetTime(this ISqlRow row, int column) => DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(column));

    public static DateTimeOffset? GetTimeOrNull(this ISqlRow row, int column) => row.IsNull(column) ? null : row.GetTime(column);

    public static long? GetInt64OrNull(this ISqlRow row, int column) => row.IsNull(column) ? null : row.GetInt64(column);

    public static string? GetTextOrNull(this ISqlRow row, int column) => row.IsNull(column) ? null : row.GetText(column);

    public static byte[]? GetBytesOrNull(this ISqlRow row, int column) => row.IsNull(column) ? null : row.GetBytes(column);

    public static string? GetProseOrNull(this ISqlRow row, int column) => row.IsNull(column) ? null : row.GetProse(column);

    public static decimal GetBillionths(this ISqlRow row, int column) => row.GetInt64(column) / Billion;

    public static DateOnly GetDay(this ISqlRow row, int column)
    {
        var day = (int)row.GetInt64(column);
        return new DateOnly(day / 10_000, day / 100 % 100, day % 100);
    }
}
