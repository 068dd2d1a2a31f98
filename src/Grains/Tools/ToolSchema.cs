using System.Globalization;
using System.Text.Json;

namespace OpenClaw.Grains.Tools;

/// <summary>
/// Checks a tool call's arguments against the part of JSON Schema (draft 2020-12) that tools use: <c>type</c>, <c>enum</c>,
/// <c>const</c>, <c>properties</c>, <c>required</c>, <c>additionalProperties</c>, <c>items</c> and the limits of length,
/// number and count. A schema with another constraint is refused when its tool is registered, so none is ignored silently.
/// </summary>
internal static class ToolSchema
{
    private static readonly HashSet<string> Known =
    [
        "type", "enum", "const", "properties", "required", "additionalProperties", "items", "minLength", "maxLength",
        "minimum", "maximum", "minItems", "maxItems",
        // These describe and constrain nothing.
        "$schema", "$id", "$comment", "title", "description", "default", "examples", "deprecated", "format",
    ];

    /// <summary>The first keyword that <see cref="Check"/> would not check, or null.</summary>
    public static string? FindUnsupported(JsonElement schema)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False) return null;
        if (schema.ValueKind is not JsonValueKind.Object) return schema.ValueKind.ToString();
        foreach (var keyword in schema.EnumerateObject())
        {
            if (!Known.Contains(keyword.Name)) return keyword.Name;
            var found = keyword.Name switch
            {
                "properties" => keyword.Value.EnumerateObject().Select(property => FindUnsupported(property.Value)).FirstOrDefault(name => name is not null),
                "items" or "additionalProperties" => FindUnsupported(keyword.Value),
                _ => null,
            };
            if (found is not null) return found;
        }

        return null;
    }

    /// <summary>What is wrong with a value, with the path to it, in words for the model; null when it fits.</summary>
    public static string? Check(JsonElement schema, JsonElement value) => CheckAt(schema, value, "arguments");

    private static string? CheckAt(JsonElement schema, JsonElement value, string path)
    {
        if (schema.ValueKind is JsonValueKind.False) return $"{path} is not allowed";
        if (schema.ValueKind is not JsonValueKind.Object) return null;
        if (schema.TryGetProperty("type", out var type) && !HasType(type, value))
            return $"{path} must be {Describe(type)}, not {NameOf(value)}";
        if (schema.TryGetProperty("const", out var only) && !JsonElement.DeepEquals(only, value))
            return $"{path} must be {only.GetRawText()}";
        if (schema.TryGetProperty("enum", out var options) && !options.EnumerateArray().Any(option => JsonElement.DeepEquals(option, value)))
            return $"{path} must be one of {string.Join(", ", options.EnumerateArray().Select(option => option.GetRawText()))}";
        return value.ValueKind switch
        {
            JsonValueKind.Object => CheckObject(schema, value, path),
            JsonValueKind.Array => CheckArray(schema, value, path),
            JsonValueKind.String => CheckString(schema, value, path),
            JsonValueKind.Number => CheckNumber(schema, value, path),
            _ => null,
        };
    }

    private static string? CheckObject(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray())
            {
                if (!value.TryGetProperty(name.GetString()!, out _)) return $"{path}.{name.GetString()} is missing";
            }
        }

        var hasProperties = schema.TryGetProperty("properties", out var properties);
        var hasOthers = schema.TryGetProperty("additionalProperties", out var others);
        foreach (var property in value.EnumerateObject())
        {
            string? objection = null;
            if (hasProperties && properties.TryGetProperty(property.Name, out var known))
                objection = CheckAt(known, property.Value, $"{path}.{property.Name}");
            else if (hasOthers)
                objection = CheckAt(others, property.Value, $"{path}.{property.Name}");
            if (objection is not null) return objection;
        }

        return null;
    }

    private static string? CheckArray(JsonElement schema, JsonElement value, string path)
    {
        var count = value.GetArrayLength();
        if (Limit(schema, "minItems") is { } least && count < least) return $"{path} must have at least {least} items";
        if (Limit(schema, "maxItems") is { } most && count > most) return $"{path} must have at most {most} items";
        if (!schema.TryGetProperty("items", out var items)) return null;
        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (CheckAt(items, item, $"{path}[{index++}]") is { } objection) return objection;
        }

        return null;
    }

    private static string? CheckString(JsonElement schema, JsonElement value, string path)
    {
        var least = Limit(schema, "minLength");
        var most = Limit(schema, "maxLength");
        if (least is null && most is null) return null;
        var length = value.GetString()!.EnumerateRunes().Count();
        if (length < least) return $"{path} must have at least {least} characters";
        return length > most ? $"{path} must have at most {most} characters" : null;
    }

    private static string? CheckNumber(JsonElement schema, JsonElement value, string path)
    {
        var number = value.GetDouble();
        if (Limit(schema, "minimum") is { } least && number < least) return $"{path} must be at least {Text(least)}";
        return Limit(schema, "maximum") is { } most && number > most ? $"{path} must be at most {Text(most)}" : null;
    }

    private static double? Limit(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var limit) ? limit.GetDouble() : null;

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool HasType(JsonElement type, JsonElement value) => type.ValueKind is JsonValueKind.Array
        ? type.EnumerateArray().Any(option => HasType(option, value))
        : type.GetString() switch
        {
            "object" => value.ValueKind is JsonValueKind.Object,
            "array" => value.ValueKind is JsonValueKind.Array,
            "string" => value.ValueKind is JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind is JsonValueKind.Null,
            "number" => value.ValueKind is JsonValueKind.Number,
            "integer" => value.ValueKind is JsonValueKind.Number && double.IsInteger(value.GetDouble()),
            _ => false,
        };

    private static string Describe(JsonElement type) => type.ValueKind is JsonValueKind.Array
        ? string.Join(" or ", type.EnumerateArray().Select(Describe))
        : type.GetString() switch
        {
            "object" => "an object",
            "array" => "an array",
            "integer" => "an integer",
            "null" => "null",
            { } name => $"a {name}",
            null => "of another type",
        };

    private static string NameOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "a boolean",
    };
}
