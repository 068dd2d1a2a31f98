using System.Globalization;
using System.Text.Json;

namespace OpenClaw.Grains.Tools;

/// <summary>Whether a schema can be used: every keyword is known, of its type, and refers to something that is there.</summary>
internal sealed class ToolSchemaRules(JsonElement root)
{
    private const int MaxDepth = 64;
    private const int MaxSchemas = 2000;

    private static readonly string[] Types = ["object", "array", "string", "boolean", "null", "number", "integer"];

    private int _schemas;

    public (string Path, string Reason)? FindProblem()
    {
        try
        {
            return Look(root, "", 0);
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair in a name or a text.
            return ("", "holds half of a surrogate pair, which is no text");
        }
    }

    private (string Path, string Reason)? Look(JsonElement schema, string path, int depth)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False) return null;
        if (schema.ValueKind is not JsonValueKind.Object) return (path, "must be a schema: an object, true or false");
        if (depth > MaxDepth) return (path, $"is nested more than {MaxDepth} deep");
        if (++_schemas > MaxSchemas) return (path, $"makes more than {MaxSchemas} schemas");
        foreach (var keyword in schema.EnumerateObject())
        {
            if (LookAt(keyword.Name, keyword.Value, Join(path, keyword.Name), depth) is { } problem) return problem;
        }

        return null;
    }

    private (string Path, string Reason)? LookAt(string keyword, JsonElement value, string path, int depth)
    {
        switch (keyword)
        {
            case "type":
                return IsType(value) || (value.ValueKind is JsonValueKind.Array && value.GetArrayLength() > 0 && value.EnumerateArray().All(IsType))
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
                return value.ValueKind is JsonValueKind.Number ? null : (path, "must be a number");
            case "multipleOf":
                return value.ValueKind is JsonValueKind.Number && value.GetDouble() > 0 ? null : (path, "must be a number above 0");
            case "uniqueItems":
                return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : (path, "must be true or false");
            case "$ref":
                return value.ValueKind is JsonValueKind.String && ToolSchemaPointer.Find(root, value.GetString()!) is not null
                    ? null
                    : (path, "must lead to a part of this schema, such as #/$defs/name");
            case "properties" or "patternProperties" or "dependentSchemas" or "$defs" or "definitions":
                return LookAtMembers(value, path, depth, isPattern: keyword == "patternProperties");
            case "dependentRequired":
                return value.ValueKind is JsonValueKind.Object && value.EnumerateObject().All(member => AreTexts(member.Value)) ? null : (path, "must be an object of arrays of names");
            case "items" or "additionalProperties" or "propertyNames" or "contains" or "not" or "if" or "then" or "else":
                return Look(value, path, depth + 1);
            case "allOf" or "anyOf" or "oneOf" or "prefixItems":
                return LookAtItems(value, path, depth);
            default:
                return ToolSchemaKeywords.Describe.Contains(keyword) || keyword.StartsWith("x-", StringComparison.Ordinal) || keyword is "const"
                    ? null
                    : (path, "is not supported");
        }
    }

    private (string Path, string Reason)? LookAtMembers(JsonElement value, string path, int depth, bool isPattern)
    {
        if (value.ValueKind is not JsonValueKind.Object) return (path, "must be an object of schemas");
        foreach (var member in value.EnumerateObject())
        {
            var place = Join(path, member.Name);
            if (isPattern && ToolSchemaPattern.Of(member.Name).Reason is { } reason) return (place, reason);
            if (Look(member.Value, place, depth + 1) is { } problem) return problem;
        }

        return null;
    }

    private (string Path, string Reason)? LookAtItems(JsonElement value, string path, int depth)
    {
        if (value.ValueKind is not JsonValueKind.Array || value.GetArrayLength() == 0) return (path, "must be an array of schemas");
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (Look(item, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), depth + 1) is { } problem) return problem;
        }

        return null;
    }

    private static bool IsType(JsonElement value) => value.ValueKind is JsonValueKind.String && Types.Contains(value.GetString());

    private static bool AreTexts(JsonElement value) =>
        value.ValueKind is JsonValueKind.Array && value.EnumerateArray().All(item => item.ValueKind is JsonValueKind.String);

    private static string Join(string path, string name) => path.Length == 0 ? name : string.Concat(path, ".", name);
}

internal static class ToolSchemaKeywords
{
    /// <summary>Keywords that describe and constrain nothing.</summary>
    public static IReadOnlySet<string> Describe { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "$schema", "$id", "$comment", "title", "description", "default", "examples", "deprecated", "readOnly", "writeOnly", "format", "contentEncoding",
        "contentMediaType",
    };
}
