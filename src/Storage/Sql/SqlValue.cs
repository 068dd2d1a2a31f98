namespace OpenClaw.Storage.Sql;

/// <summary>What a parameter is to the databases; both are told, since a null has no type of its own.</summary>
internal enum SqlKind
{
    Integer,

    /// <summary>A name or key: text that compares by its bytes.</summary>
    Text,

    /// <summary>Free text. It may hold U+0000, which PostgreSQL's text type refuses: there it is stored as UTF-8 bytes.</summary>
    Prose,

    Bytes,
}

/// <summary>A parameter of a statement.</summary>
internal readonly struct SqlValue
{
    private readonly object? _reference;

    private SqlValue(SqlKind kind, long integer, object? reference, bool isNull)
    {
        Kind = kind;
        Int64 = integer;
        _reference = reference;
        IsNull = isNull;
    }

    public SqlKind Kind { get; }

    public bool IsNull { get; }

    public long Int64 { get; }

    public string String => (string)_reference!;

    public byte[] Bytes => (byte[])_reference!;

    public static SqlValue Of(long value) => new(SqlKind.Integer, value, null, false);

    public static SqlValue Of(long? value) => new(SqlKind.Integer, value ?? 0, null, value is null);

    public static SqlValue Of(DateTimeOffset value) => Of(value.ToUnixTimeMilliseconds());

    public static SqlValue Of(DateTimeOffset? value) => Of(value?.ToUnixTimeMilliseconds());

    /// <summary>A day as the number <c>yyyymmdd</c>.</summary>
    public static SqlValue Of(DateOnly day) => Of((long)((day.Year * 10_000) + (day.Month * 100) + day.Day));

    /// <summary>An amount as its number of billionths; beyond the largest that the databases hold, that one.</summary>
    public static SqlValue OfBillionths(decimal value) =>
        Of((long)Math.Min(Math.Round(value * SqlRowExtensions.Billion), long.MaxValue));

    public static SqlValue Of(Guid value) => Of(value.ToByteArray());

    public static SqlValue Of(byte[]? value) => new(SqlKind.Bytes, 0, value, value is null);

    public static SqlValue Of(string? value) => new(SqlKind.Text, 0, value, value is null);

    public static SqlValue OfProse(string? value) => new(SqlKind.Prose, 0, value, value is null);
}
