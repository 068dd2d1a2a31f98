using System.Globalization;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Errors;

namespace OpenClaw.WebFrontend.Http;

/// <summary>Reads the query of a request; the first thing wrong is kept in <see cref="Problem"/>.</summary>
internal sealed class QueryParameters(IQueryCollection query)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 200;

    private const int MaxCursorLength = 1024;

    public Problem? Problem { get; private set; }

    /// <summary>Items of a page: 1 to <paramref name="most"/>, <paramref name="usual"/> when not given.</summary>
    public int Limit(int usual = DefaultLimit, int most = MaxLimit) => (int)(Integer("limit", 1, most) ?? usual);

    /// <summary>The cursor of the page before, or null.</summary>
    public string? Cursor(int maxLength = MaxCursorLength)
    {
        var cursor = Text("cursor");
        if (cursor?.Length > maxLength)
            Refuse("cursor", RequestReasons.TooManyCharacters(maxLength));
        return cursor;
    }

    /// <summary>The parameter; refused when it is absent or empty.</summary>
    public string Required(string name)
    {
        if (Text(name) is { } text)
            return text;
        Refuse(name, RequestReasons.Missing);
        return "";
    }

    /// <summary>An integer, or null when not given or wrong.</summary>
    public long? Integer(string name, long least, long most)
    {
        if (Text(name) is not { } text)
            return null;
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
            return value;
        Refuse(name, RequestReasons.IntegerRange(least, most));
        return null;
    }

    /// <summary><c>true</c> or <c>false</c>; false when not given.</summary>
    public bool Flag(string name) => Choice(name, "false", "true") == "true";

    /// <summary>One of <paramref name="values"/>; the first when not given.</summary>
    public string Choice(string name, params ReadOnlySpan<string> values)
    {
        if (Text(name) is not { } text)
            return values[0];
        if (values.Contains(text))
            return text;
        Refuse(name, RequestReasons.OneOf(string.Join(", ", values!)));
        return values[0];
    }

    /// <summary>The tenant that <c>tenantId</c> names, or null when not given.</summary>
    public TenantId? Tenant()
    {
        if (Text("tenantId") is not { } text)
            return null;
        if (TenantId.TryParse(text, out var tenant))
            return tenant;
        Refuse("tenantId", RequestReasons.TenantIdShape);
        return null;
    }

    /// <summary>A day (<c>yyyy-MM-dd</c>), or null when not given.</summary>
    public DateOnly? Day(string name)
    {
        if (Text(name) is not { } text)
            return null;
        if (DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day))
            return day;
        Refuse(name, RequestReasons.Day);
        return null;
    }

    public void Refuse(string name, LocalizedText reason) => Problem ??= Problem.Invalid(name, reason);

    /// <summary>The parameter, or null when absent or empty. Of one given twice the last counts.</summary>
    public string? Text(string name)
    {
        var values = query[name];
        return values.Count == 0 || string.IsNullOrEmpty(values[^1]) ? null : values[^1];
    }
}
