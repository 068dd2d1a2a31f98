using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.WebFrontend.Errors;

namespace OpenClaw.WebFrontend.Http;

/// <summary>
/// Reads a JSON object field by field. Members that nobody asks for are passed over, of a member given twice the last
/// one counts, <c>null</c> is the same as absent. The first thing wrong is kept in <see cref="Problem"/>, with its JSON path.
/// </summary>
internal sealed class JsonFields
{
    private readonly JsonElement _object;
    private readonly string _path;

    private JsonFields(JsonElement @object, string path)
    {
        _object = @object;
        _path = path;
    }

    public Problem? Problem { get; private set; }

    /// <summary>The fields of a whole body, or a reader that already has its problem when the body is no object.</summary>
    public static JsonFields OfBody(JsonElement root) => Of(root, "");

    /// <summary>The text at <paramref name="name"/>, or null when absent or wrong.</summary>
    /// <param name="name">Member of this object.</param>
    /// <param name="maxChars">In UTF-16 units.</param>
    /// <param name="maxBytes">In UTF-8.</param>
    /// <param name="required">Absent and blank are refused as empty.</param>
    /// <param name="allowNul">Whether U+0000 may stand in it; PostgreSQL keeps it in no text column.</param>
    public string? Text(string name, int? maxChars = null, int? maxBytes = null, bool required = false, bool allowNul = false)
    {
        if (!TryFind(name, JsonKind.String, out var element))
        {
            if (required && Problem is null)
                Refuse(name, Reasons.Empty);
            return null;
        }

        if (Decode(element) is not { } text)
        {
            Refuse(name, RequestReasons.LoneSurrogate);
            return null;
        }

        if (required && string.IsNullOrWhiteSpace(text))
            Refuse(name, Reasons.Empty);
        else if (maxChars is { } chars && text.Length > chars)
            Refuse(name, RequestReasons.TooManyCharacters(chars));
        else if (maxBytes is { } bytes && text.Length > bytes / 3 && Encoding.UTF8.GetByteCount(text) > bytes)
            Refuse(name, RequestReasons.TooManyBytes(bytes));
        else if (!allowNul && text.Contains('\0'))
            Refuse(name, Reasons.NulCharacter);
        return text;
    }

    /// <summary>The object at <paramref name="name"/> as compact JSON, or null when absent or wrong.</summary>
    public JsonPayload? Object(string name, int maxBytes) => TryFind(name, JsonKind.Object, out var element) ? Compact(name, element, maxBytes) : null;

    /// <summary>Whatever stands at <paramref name="name"/>, <c>null</c> included, as compact JSON; null when absent or wrong.</summary>
    public JsonPayload? Json(string name, int maxBytes) =>
        Problem is null && Find(name, out var element) ? Compact(name, element, maxBytes) : null;

    /// <summary>The fields of the object at <paramref name="name"/>, or null when absent or wrong.</summary>
    public JsonFields? Inner(string name) => TryFind(name, JsonKind.Object, out var element) ? Of(element, PathOf(name)) : null;

    private JsonPayload? Compact(string name, JsonElement element, int maxBytes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        try
        {
            using var json = new Utf8JsonWriter(buffer, JsonResponse.WriterOptions);
            element.WriteTo(json);
        }
        catch (InvalidOperationException)
        {
            // The one thing a parsed document cannot write: an escape that is half of a surrogate pair.
            Refuse(UnicodeCheck.FindBroken(element, name), RequestReasons.LoneSurrogate);
            return null;
        }

        if (buffer.WrittenCount > maxBytes)
            Refuse(name, RequestReasons.TooManyBytes(maxBytes));
        return new JsonPayload(buffer.WrittenMemory);
    }

    /// <summary>The boolean at <paramref name="name"/>, or null when absent or wrong.</summary>
    public bool? Boolean(string name) => TryFind(name, JsonKind.Boolean, out var element) ? element.GetBoolean() : null;

    /// <summary>The integer at <paramref name="name"/>, or null when absent or wrong.</summary>
    public long? Integer(string name, long least, long most)
    {
        if (!TryFind(name, JsonKind.Number, out var element))
            return null;
        if (element.TryGetInt64(out var value) && value >= least && value <= most)
            return value;
        Refuse(name, RequestReasons.IntegerRange(least, most));
        return null;
    }

    /// <summary>The number at <paramref name="name"/>, or null when absent or wrong.</summary>
    public decimal? Number(string name, decimal least, decimal most)
    {
        if (!TryFind(name, JsonKind.Number, out var element))
            return null;
        if (element.TryGetDecimal(out var value) && value >= least && value <= most)
            return value;
        Refuse(name, RequestReasons.NumberRange(least, most));
        return null;
    }

    /// <summary>The time at <paramref name="name"/> in UTC, or null when absent or wrong.</summary>
    public DateTimeOffset? Time(string name)
    {
        if (Text(name, maxChars: 64) is not { } text || Problem is not null)
            return null;
        // A time without an offset would mean another moment on another machine.
        var hasOffset = text.EndsWith('Z') || text.EndsWith('z') || (text.Length > 6 && text[^6] is '+' or '-');
        if (hasOffset && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var value))
            return value;
        Refuse(name, RequestReasons.Time);
        return null;
    }

    /// <summary>The objects of the array at <paramref name="name"/>; empty when absent or wrong.</summary>
    public IReadOnlyList<JsonFields> Objects(string name, int most)
    {
        if (!TryFind(name, JsonKind.Array, out var array))
            return [];
        if (array.GetArrayLength() > most)
        {
            Refuse(name, RequestReasons.TooMany(most));
            return [];
        }

        var items = new List<JsonFields>(array.GetArrayLength());
        foreach (var element in array.EnumerateArray())
        {
            var item = Of(element, string.Create(CultureInfo.InvariantCulture, $"{PathOf(name)}[{items.Count}]"));
            Problem ??= item.Problem;
            items.Add(item);
        }

        return items;
    }

    /// <summary>The texts of the array at <paramref name="name"/>, each with its path; empty when absent or wrong.</summary>
    public IReadOnlyList<(string Name, string Text)> Texts(string name, int most)
    {
        if (!TryFind(name, JsonKind.Array, out var array))
            return [];
        if (array.GetArrayLength() > most)
        {
            Refuse(name, RequestReasons.TooMany(most));
            return [];
        }

        var items = new List<(string, string)>(array.GetArrayLength());
        foreach (var element in array.EnumerateArray())
        {
            var item = string.Create(CultureInfo.InvariantCulture, $"{name}[{items.Count}]");
            if (element.ValueKind != JsonValueKind.String)
                Refuse(item, RequestReasons.Expected(JsonKind.String, element.Kind()));
            else if (Decode(element) is not { } text)
                Refuse(item, RequestReasons.LoneSurrogate);
            else
                items.Add((item, text));
            if (Problem is not null)
                return [];
        }

        return items;
    }

    /// <summary>The members' names, each once; empty when one of them is no text.</summary>
    public IReadOnlyList<string> Names()
    {
        if (Problem is not null)
            return [];
        try
        {
            return [.. _object.EnumerateObject().Select(static member => member.Name).Distinct(StringComparer.Ordinal)];
        }
        catch (InvalidOperationException)
        {
            Problem = Problem.Invalid(_path.Length == 0 ? RequestProblems.Body : _path, RequestReasons.LoneSurrogate);
            return [];
        }
    }

    /// <summary>Whether the member is there, be it <c>null</c>.</summary>
    public bool Has(string name) => Problem is null && Find(name, out _);

    /// <summary>Whether the member is not there, or is <c>null</c>.</summary>
    public bool IsAbsent(string name) => Problem is null && (!Find(name, out var element) || element.ValueKind == JsonValueKind.Null);

    /// <summary>What stands at <paramref name="name"/>; null when it is not there.</summary>
    public JsonKind? KindOf(string name) => Problem is null && Find(name, out var element) ? element.Kind() : null;

    /// <summary>The member of an enumeration whose name, in lower case, stands at <paramref name="name"/>; null when absent or wrong.</summary>
    public T? Choice<T>(string name, bool required = false)
        where T : struct, Enum
    {
        if (Text(name, required: required) is not { } text)
            return null;
        var at = Array.IndexOf(NamesOf<T>.All, text);
        if (at >= 0)
            return NamesOf<T>.Values[at];
        Refuse(name, RequestReasons.OneOf(string.Join(", ", NamesOf<T>.All)));
        return null;
    }

    /// <summary>Keeps a problem, unless there is one already.</summary>
    public void Refuse(string name, LocalizedText reason) => Problem ??= Problem.Invalid(PathOf(name), reason);

    /// <summary>Takes over what a reader of an inner object found.</summary>
    public void Adopt(JsonFields inner) => Problem ??= inner.Problem;

    private static JsonFields Of(JsonElement element, string path)
    {
        var fields = new JsonFields(element, path);
        if (element.ValueKind != JsonValueKind.Object)
            fields.Problem = Problem.Invalid(path.Length == 0 ? RequestProblems.Body : path, RequestReasons.Expected(JsonKind.Object, element.Kind()));
        return fields;
    }

    private static string? Decode(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // The element is a string, so this is the parser's word for half of a surrogate pair.
            return null;
        }
    }

    private bool TryFind(string name, JsonKind expected, out JsonElement element)
    {
        element = default;
        if (Problem is not null || !Find(name, out element) || element.ValueKind == JsonValueKind.Null)
            return false;
        if (element.Kind() == expected)
            return true;
        Refuse(name, RequestReasons.Expected(expected, element.Kind()));
        return false;
    }

    private bool Find(string name, out JsonElement element)
    {
        try
        {
            return _object.TryGetProperty(name, out element);
        }
        catch (InvalidOperationException)
        {
            // Another member's name, which had to be unescaped for the comparison, is half of a surrogate pair.
            Problem ??= Problem.Invalid(_path.Length == 0 ? RequestProblems.Body : _path, RequestReasons.LoneSurrogate);
            element = default;
            return false;
        }
    }

    private string PathOf(string name) => _path.Length == 0 ? name : string.Concat(_path, ".", name);

    /// <summary>The names of an enumeration as they stand in JSON, in the order of its values.</summary>
    private static class NamesOf<T>
        where T : struct, Enum
    {
        public static T[] Values { get; } = Enum.GetValues<T>();

        public static string[] All { get; } = [.. Values.Select(value => value.ToString().ToLowerInvariant())];
    }
}
