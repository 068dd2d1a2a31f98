using System.Globalization;
using System.Text.Json;
using OpenClaw.Grains.Abstractions;

namespace OpenClaw.Grains.Tools;

/// <summary>Whether a schema can be used: every keyword is known, of its type, and refers to something that is there.</summary>
internal sealed class ToolSchemaRules(JsonElement root)
{
    private const int MaxDepth = 64;
    private const int MaxSchemas = 2000;
    private const int MaxTypes = 7;

    /// <summary>Of a name, in UTF-16 units: paths are made of names, again and again.</summary>
    private const int MaxName = 256;

    private const string NoReference = "must lead to a schema within this one, such as #/$defs/name";

    private static readonly string[] Types = ["object", "array", "string", "boolean", "null", "number", "integer"];

    /// <summary>Keywords that describe and constrain nothing.</summary>
    private static readonly HashSet<string> Describing = new(StringComparer.Ordinal)
    {
        "$schema", "$id", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "format", "contentEncoding",
        "contentMediaType",
    };

    /// <summary>JSON pointers of all schemas within this one.</summary>
    private readonly HashSet<string> _places = new(StringComparer.Ordinal);

    private readonly List<(string Path, string Reference)> _references = [];
    private int _schemas;

    public (string Path, string Reason)? FindProblem()
    {
        if (!UnicodeCheck.IsReadable(root)) return (UnicodeCheck.FindBroken(root, "").TrimStart('.'), "holds half of a surrogate pair, which is no text");
        if (Look(root, "", "", 0) is { } problem) return problem;

        // What is no schema was not looked at: an example or an extension must not become one by a reference to it.
        foreach (var (path, reference) in _references)
        {
            if (!_places.Contains(Uri.UnescapeDataString(reference[1..])) || ToolSchemaPointer.Find(root, reference) is null) return (path, NoReference);
        }

        return null;
    }

    private (string Path, string Reason)? Look(JsonElement schema, string path, string pointer, int depth)
    {
        if (schema.ValueKind is not (JsonValueKind.Object or JsonValueKind.True or JsonValueKind.False)) return (path, "must be a schema: an object, true or false");
        if (depth > MaxDepth) return (path, $"is nested more than {MaxDepth} deep");
        if (++_schemas > MaxSchemas) return (path, $"makes more than {MaxSchemas} schemas");
        _places.Add(pointer);
        if (schema.ValueKind is not JsonValueKind.Object) return null;
        foreach (var keyword in schema.EnumerateObject())
        {
            if (FindLong(keyword.Name, path, MaxName) is { } tooLong) return tooLong;
            if (LookAt(keyword.Name, keyword.Value, Join(path, keyword.Name), Point(pointer, keyword.Name), depth) is { } problem) return problem;
        }

        return null;
    }

    private (string Path, string Reason)? LookAt(string keyword, JsonElement value, string path, string pointer, int depth)
    {
        switch (keyword)
        {
            case "type":
                return IsType(value) || (value.ValueKind is JsonValueKind.Array && value.GetArrayLength() is > 0 and <= MaxTypes && value.EnumerateArray().All(IsType))
                    ? null
                    : (path, $"must be one of {string.Join(", ", Types)}, or an array of them");
            case "enum":
                return value.ValueKind is JsonValueKind.Array && value.GetArrayLength() > 0 ? null : (path, "must be an array of values");
            case "required":
                return AreTexts(value) ? null : (path, "must be an array of names");
            case "pattern":
                return value.ValueKind is not JsonValueKind.String ? (path, "must be a text")
                    : ToolSchemaPattern.Of(value.GetString()!).Reason is { } reason ? (path, reason) : null;
            case "minLength" or "maxLength" or "minItems" or "maxItems" or "minProperties" or "maxProperties" or "minContains" or "maxContains":
                return value.ValueKind is JsonValueKind.Number && value.GetDouble() is >= 0 and var count && double.IsInteger(count) ? null : (path, "must be an integer of at least 0");
            case "minimum" or "maximum" or "exclusiveMinimum" or "exclusiveMaximum":
                return value.ValueKind is JsonValueKind.Number ? null
                    : (path, value.ValueKind is JsonValueKind.True or JsonValueKind.False ? "must be a number; true and false are of draft 4" : "must be a number");
            case "multipleOf":
                return value.ValueKind is JsonValueKind.Number && value.GetDouble() > 0 ? null : (path, "must be a number above 0");
            case "uniqueItems":
                return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : (path, "must be true or false");
            case "$ref":
                if (value.ValueKind is not JsonValueKind.String || value.GetString() is not ['#', ..] reference) return (path, NoReference);
                _references.Add((path, reference));
                return null;
            case "properties" or "patternProperties" or "dependentSchemas" or "$defs" or "definitions":
                return LookAtMembers(value, path, pointer, depth, isPattern: keyword == "patternProperties");
            case "dependentRequired":
                return value.ValueKind is JsonValueKind.Object && value.EnumerateObject().All(member => AreTexts(member.Value)) ? null : (path, "must be an object of arrays of names");
            case "items" when value.ValueKind is JsonValueKind.Array:
                return (path, "must be one schema; what has one for each item is prefixItems");
            case "items" or "additionalProperties" or "propertyNames" or "contains" or "not" or "if" or "then" or "else":
                return Look(value, path, pointer, depth + 1);
            case "allOf" or "anyOf" or "oneOf" or "prefixItems":
                return LookAtItems(value, path, pointer, depth);
            default:
                return Describing.Contains(keyword) || keyword.StartsWith("x-", StringComparison.Ordinal) || keyword is "const"
                    ? null
                    : (path, "is not supported");
        }
    }

    private (string Path, string Reason)? LookAtMembers(JsonElement value, string path, string pointer, int depth, bool isPattern)
    {
        if (value.ValueKind is not JsonValueKind.Object) return (path, "must be an object of schemas");
        foreach (var member in value.EnumerateObject())
        {
            if (FindLong(member.Name, path, isPattern ? ToolSchemaPattern.MaxLength : MaxName) is { } tooLong) return tooLong;
            var place = Join(path, member.Name);
            if (isPattern && ToolSchemaPattern.Of(member.Name).Reason is { } reason) return (place, reason);
            if (Look(member.Value, place, Point(pointer, member.Name), depth + 1) is { } problem) return problem;
        }

        return null;
    }

    private (string Path, string Reason)? LookAtItems(JsonElement value, string path, string pointer, int depth)
    {
        if (value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() == 0) return (path, "must be an array of schemas");
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            var name = index.ToString(CultureInfo.InvariantCulture);
            if (Look(item, $"{path}[{name}]", Point(pointer, name), depth + 1) is { } problem) return problem;
            index++;
        }

        return null;
    }

    private static (string Path, string Reason)? FindLong(string name, string path, int most) =>
        name.Length > most ? (path, string.Create(CultureInfo.InvariantCulture, $"holds a name longer than {most} characters")) : null;

    private static bool IsType(JsonElement value) => value.ValueKind is JsonValueKind.String && Types.Contains(value.GetString());

    private static bool AreTexts(JsonElement value) =>
        value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String);

    /// <summary>As RFC 6901 escapes names.</summary>
    private static string Point(string pointer, string name) =>
        string.Concat(pointer, "/", name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));

    private static string Join(string path, string name) => path.Length == 0 ? name : string.Concat(path, ".", name);
}
