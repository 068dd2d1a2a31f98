using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OpenClaw.Grains.Tools;

/// <summary>One check of a value against a schema that can be used. Counts its steps, and gives up beyond a number of them.</summary>
internal sealed class ToolSchemaCheck(JsonElement root)
{
    private const int MaxSteps = 200_000;
    private const int MaxDepth = 128;

    private int _steps;
    private int _depth;

    public (string Path, string Reason)? Find(JsonElement schema, JsonElement value) => At(schema, value, "");

    private (string Path, string Reason)? At(JsonElement schema, JsonElement value, string path)
    {
        if (schema.ValueKind is JsonValueKind.False) return (path, "is not allowed");
        if (schema.ValueKind is not JsonValueKind.Object) return null;
        if (++_depth > MaxDepth) throw new SchemaTooComplexException();
        try
        {
            Step();
            return FindValue(schema, value, path) ?? FindByKind(schema, value, path) ?? FindCombined(schema, value, path);
        }
        finally
        {
            _depth--;
        }
    }

    private void Step(int count = 1)
    {
        _steps += count;
        if (_steps > MaxSteps) throw new SchemaTooComplexException();
    }

    private bool Fits(JsonElement schema, JsonElement value) => At(schema, value, "") is null;

    private static (string, string)? FindValue(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("type", out var type) && !HasType(type, value)) return (path, $"must be {Describe(type)}, not {NameOf(value)}");
        if (schema.TryGetProperty("const", out var only) && !ToolSchemaEquality.AreEqual(only, value)) return (path, $"must be {only.GetRawText()}");
        if (schema.TryGetProperty("enum", out var options) && !options.EnumerateArray().Any(option => ToolSchemaEquality.AreEqual(option, value)))
            return (path, $"must be one of {string.Join(", ", options.EnumerateArray().Select(option => option.GetRawText()))}");
        return null;
    }

    private (string, string)? FindByKind(JsonElement schema, JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Object => FindInObject(schema, value, path),
        JsonValueKind.Array => FindInArray(schema, value, path),
        JsonValueKind.String => FindInText(schema, value, path),
        JsonValueKind.Number => FindInNumber(schema, value, path),
        _ => null,
    };

    private (string, string)? FindInObject(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            foreach (var name in required.EnumerateArray())
            {
                if (!value.TryGetProperty(name.GetString()!, out _)) return (Member(path, name.GetString()!), "is missing");
            }
        }

        if (FindCount(schema, value, path) is { } counted) return counted;
        var has = new ObjectKeywords(schema);
        foreach (var member in value.EnumerateObject())
        {
            Step();
            string name;
            try
            {
                name = member.Name;
            }
            catch (InvalidOperationException)
            {
                return (path, "holds a name that is no text");
            }

            if (has.Find(this, member, name, Member(path, name)) is { } problem) return problem;
        }

        return FindDependent(schema, value, path);
    }

    private static (string, string)? FindCount(JsonElement schema, JsonElement value, string path)
    {
        var (least, most) = (Limit(schema, "minProperties"), Limit(schema, "maxProperties"));
        if (least is null && most is null) return null;
        var count = value.EnumerateObject().Count();
        if (count < least) return (path, $"must have at least {Text(least.Value)} members");
        return count > most ? (path, $"must have at most {Text(most.Value)} members") : null;
    }

    private (string, string)? FindDependent(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("dependentRequired", out var names))
        {
            foreach (var member in names.EnumerateObject().Where(member => value.TryGetProperty(member.Name, out _)))
            {
                foreach (var name in member.Value.EnumerateArray())
                {
                    if (!value.TryGetProperty(name.GetString()!, out _)) return (Member(path, name.GetString()!), $"is missing, which {member.Name} needs");
                }
            }
        }

        if (!schema.TryGetProperty("dependentSchemas", out var schemas)) return null;
        foreach (var member in schemas.EnumerateObject().Where(member => value.TryGetProperty(member.Name, out _)))
        {
            if (At(member.Value, value, path) is { } problem) return problem;
        }

        return null;
    }

    private (string, string)? FindInArray(JsonElement schema, JsonElement value, string path)
    {
        var count = value.GetArrayLength();
        if (Limit(schema, "minItems") is { } least && count < least) return (path, $"must have at least {Text(least)} items");
        if (Limit(schema, "maxItems") is { } most && count > most) return (path, $"must have at most {Text(most)} items");
        if (schema.TryGetProperty("uniqueItems", out var unique) && unique.ValueKind is JsonValueKind.True)
        {
            Step(count);
            if (ToolSchemaEquality.FindTwice(value) is { } twice) return (Item(path, twice), "is there twice");
        }

        var prefix = schema.TryGetProperty("prefixItems", out var first) ? first.GetArrayLength() : 0;
        var hasItems = schema.TryGetProperty("items", out var items);
        var hasContains = schema.TryGetProperty("contains", out var wanted);
        var (index, found) = (0, 0);
        foreach (var item in value.EnumerateArray())
        {
            Step();
            var problem = index < prefix ? At(first[index], item, Item(path, index)) : hasItems ? At(items, item, Item(path, index)) : null;
            if (problem is not null) return problem;
            if (hasContains && Fits(wanted, item)) found++;
            index++;
        }

        if (!hasContains) return null;
        var (fewest, mostFound) = (Limit(schema, "minContains") ?? 1, Limit(schema, "maxContains"));
        if (found < fewest) return (path, $"must hold at least {Text(fewest)} items of the kind that it has to contain");
        return found > mostFound ? (path, $"must hold at most {Text(mostFound.Value)} items of the kind that it has to contain") : null;
    }

    private static (string, string)? FindInText(JsonElement schema, JsonElement value, string path)
    {
        var (least, most) = (Limit(schema, "minLength"), Limit(schema, "maxLength"));
        var hasPattern = schema.TryGetProperty("pattern", out var pattern);
        if (least is null && most is null && !hasPattern) return null;
        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return (path, "is no text: it holds half of a surrogate pair");
        }

        var length = text.EnumerateRunes().Count();
        if (length < least) return (path, $"must have at least {Text(least.Value)} characters");
        if (length > most) return (path, $"must have at most {Text(most.Value)} characters");
        return hasPattern && !ToolSchemaPattern.Of(pattern.GetString()!).Expression!.IsMatch(text) ? (path, $"must match {pattern.GetString()}") : null;
    }

    private static (string, string)? FindInNumber(JsonElement schema, JsonElement value, string path)
    {
        var number = value.GetDouble();
        if (Limit(schema, "minimum") is { } least && number < least) return (path, $"must be at least {Text(least)}");
        if (Limit(schema, "maximum") is { } most && number > most) return (path, $"must be at most {Text(most)}");
        if (Limit(schema, "exclusiveMinimum") is { } above && number <= above) return (path, $"must be above {Text(above)}");
        if (Limit(schema, "exclusiveMaximum") is { } below && number >= below) return (path, $"must be below {Text(below)}");
        return schema.TryGetProperty("multipleOf", out var unit) && !IsMultiple(value, unit) ? (path, $"must be a multiple of {unit.GetRawText()}") : null;
    }

    private (string, string)? FindCombined(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("$ref", out var reference) && At(ToolSchemaPointer.Find(root, reference.GetString()!)!.Value, value, path) is { } referred) return referred;
        if (schema.TryGetProperty("allOf", out var all))
        {
            foreach (var part in all.EnumerateArray())
            {
                if (At(part, value, path) is { } problem) return problem;
            }
        }

        if (schema.TryGetProperty("anyOf", out var any) && !any.EnumerateArray().Any(part => Fits(part, value)))
            return any.GetArrayLength() == 1 ? At(any[0], value, path) : (path, "fits none of the forms that it may have");
        if (schema.TryGetProperty("oneOf", out var one))
        {
            var fitting = one.EnumerateArray().Count(part => Fits(part, value));
            if (fitting == 0) return one.GetArrayLength() == 1 ? At(one[0], value, path) : (path, "fits none of the forms that it may have");
            if (fitting > 1) return (path, "fits more than one of the forms of which it must have one");
        }

        if (schema.TryGetProperty("not", out var not) && Fits(not, value)) return (path, "has a form that it must not have");
        if (!schema.TryGetProperty("if", out var condition)) return null;
        return schema.TryGetProperty(Fits(condition, value) ? "then" : "else", out var chosen) ? At(chosen, value, path) : null;
    }

    private static bool IsMultiple(JsonElement value, JsonElement unit) => value.TryGetDecimal(out var number) && unit.TryGetDecimal(out var step)
        ? number % step == 0
        : double.IsInteger(value.GetDouble() / unit.GetDouble());

    private static double? Limit(JsonElement schema, string keyword) => schema.TryGetProperty(keyword, out var limit) ? limit.GetDouble() : null;

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Member(string path, string name) => path.Length == 0 ? name : string.Concat(path, ".", name);

    private static string Item(string path, int index) => string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");

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

    /// <summary>What a schema says of an object's members.</summary>
    private readonly struct ObjectKeywords(JsonElement schema)
    {
        private readonly JsonElement? _properties = schema.TryGetProperty("properties", out var found) ? found : null;
        private readonly JsonElement? _patterns = schema.TryGetProperty("patternProperties", out var found) ? found : null;
        private readonly JsonElement? _others = schema.TryGetProperty("additionalProperties", out var found) ? found : null;
        private readonly JsonElement? _names = schema.TryGetProperty("propertyNames", out var found) ? found : null;

        public (string, string)? Find(ToolSchemaCheck check, JsonProperty member, string name, string path)
        {
            if (_names is { } names && check.At(names, JsonElement.Parse(JsonSerializer.SerializeToUtf8Bytes(name)), path) is { } misnamed)
                return (path, "has a name that " + misnamed.Reason);
            var known = false;
            if (_properties is { } properties && properties.TryGetProperty(name, out var schema))
            {
                known = true;
                if (check.At(schema, member.Value, path) is { } problem) return problem;
            }

            foreach (var pattern in _patterns is { } patterns ? patterns.EnumerateObject() : default)
            {
                check.Step();
                if (!ToolSchemaPattern.Of(pattern.Name).Expression!.IsMatch(name)) continue;
                known = true;
                if (check.At(pattern.Value, member.Value, path) is { } problem) return problem;
            }

            return !known && _others is { } others ? check.At(others, member.Value, path) : null;
        }
    }
}

/// <summary>Equality of JSON values as JSON Schema has it: numbers by their value, objects in any order.</summary>
internal static class ToolSchemaEquality
{
    public static bool AreEqual(JsonElement left, JsonElement right) => left.ValueKind == right.ValueKind && Canonical(left) == Canonical(right);

    /// <summary>The first item that is equal to one before it, or null.</summary>
    public static int? FindTwice(JsonElement array)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            if (!seen.Add(Canonical(item))) return index;
            index++;
        }

        return null;
    }

    private static string Canonical(JsonElement value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                text.Append('{');
                foreach (var member in value.EnumerateObject().OrderBy(member => member.Name, StringComparer.Ordinal))
                {
                    text.Append(member.Name.Length).Append(':').Append(member.Name);
                    Write(text, member.Value);
                }

                text.Append('}');
                break;
            case JsonValueKind.Array:
                text.Append('[');
                foreach (var item in value.EnumerateArray())
                {
                    Write(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            case JsonValueKind.String:
                var content = value.GetString()!;
                text.Append('"').Append(content.Length).Append(':').Append(content);
                break;
            case JsonValueKind.Number:
                text.Append(value.TryGetDecimal(out var number)
                    ? (number / 1.0000000000000000000000000000m).ToString(CultureInfo.InvariantCulture)
                    : value.GetDouble().ToString("R", CultureInfo.InvariantCulture));
                break;
            default:
                text.Append(value.ValueKind.ToString());
                break;
        }
    }
}
