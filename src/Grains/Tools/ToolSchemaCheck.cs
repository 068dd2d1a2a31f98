using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OpenClaw.Grains.Tools;

/// <summary>One check of a value against a schema that can be used, as far as its budget goes.</summary>
internal sealed class ToolSchemaCheck(JsonElement root)
{
    private const int MaxDepth = 128;
    private const int KeywordsPerStep = 8;
    private const int ItemsPerStep = 32;
    private const int CharactersPerStep = 64;
    private const int MaxTold = 2000;

    private readonly ToolSchemaBudget _budget = new();
    private readonly Dictionary<string, JsonElement> _references = new(StringComparer.Ordinal);
    private int _depth;

    public (string Path, string Reason)? Find(JsonElement schema, JsonElement value) => At(schema, value, "");

    private (string Path, string Reason)? At(JsonElement schema, JsonElement value, string path)
    {
        _budget.Step();
        if (schema.ValueKind is JsonValueKind.False) return (path, "is not allowed");
        if (schema.ValueKind is not JsonValueKind.Object) return null;
        if (++_depth > MaxDepth) throw new SchemaTooComplexException();
        try
        {
            _budget.Step(schema.GetPropertyCount() / KeywordsPerStep);
            return FindValue(schema, value, path) ?? FindByKind(schema, value, path) ?? FindCombined(schema, value, path);
        }
        finally
        {
            _depth--;
        }
    }

    private JsonElement Resolve(string reference)
    {
        if (!_references.TryGetValue(reference, out var found)) _references[reference] = found = ToolSchemaPointer.Find(root, reference)!.Value;
        return found;
    }

    private bool Fits(JsonElement schema, JsonElement value) => At(schema, value, "") is null;

    private (string, string)? FindValue(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("type", out var type) && !ToolSchemaTypes.Has(type, value)) return (path, $"must be {ToolSchemaTypes.Describe(type)}, not {ToolSchemaTypes.NameOf(value)}");
        if (schema.TryGetProperty("const", out var only))
        {
            _budget.StepThrough(only);
            _budget.StepThrough(value);
            if (!ToolSchemaEquality.AreEqual(only, value)) return (path, $"must be {Told([only])}");
        }

        if (!schema.TryGetProperty("enum", out var options)) return null;
        _budget.StepThrough(options);
        _budget.StepThrough(value);
        return ToolSchemaEquality.IsOneOf(options, value) ? null : (path, $"must be one of {Told(options.EnumerateArray())}");
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
            _budget.StepThrough(required);
            foreach (var name in required.EnumerateArray())
            {
                if (!_budget.Has(value, name.GetString()!)) return (Member(path, name.GetString()!), "is missing");
            }
        }

        if (FindCount(schema, value, path) is { } counted) return counted;
        var keywords = new ObjectKeywords(schema);
        if (keywords.IsEmpty) return FindDependent(schema, value, path);
        foreach (var member in value.EnumerateObject())
        {
            _budget.Step();
            string name;
            try
            {
                name = member.Name;
            }
            catch (InvalidOperationException)
            {
                return (path, "holds a name that is no text");
            }

            if (keywords.Find(this, member, name, Member(path, name)) is { } problem) return problem;
        }

        return FindDependent(schema, value, path);
    }

    private static (string, string)? FindCount(JsonElement schema, JsonElement value, string path)
    {
        var (least, most) = (Limit(schema, "minProperties"), Limit(schema, "maxProperties"));
        if (least is null && most is null) return null;
        var count = value.GetPropertyCount();
        if (count < least) return (path, $"must have at least {Text(least.Value)} members");
        return count > most ? (path, $"must have at most {Text(most.Value)} members") : null;
    }

    private (string, string)? FindDependent(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("dependentRequired", out var names))
        {
            _budget.StepThrough(names);
            foreach (var member in names.EnumerateObject().Where(member => _budget.Has(value, member.Name)))
            {
                foreach (var name in member.Value.EnumerateArray())
                {
                    if (!_budget.Has(value, name.GetString()!)) return (Member(path, name.GetString()!), $"is missing, which {member.Name} needs");
                }
            }
        }

        if (!schema.TryGetProperty("dependentSchemas", out var schemas)) return null;
        foreach (var member in schemas.EnumerateObject().Where(member => _budget.Has(value, member.Name)))
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
            _budget.StepThrough(value);
            if (ToolSchemaEquality.FindTwice(value) is { } twice) return (Item(path, twice), "is there twice");
        }

        JsonElement[] prefix = schema.TryGetProperty("prefixItems", out var first) ? [.. first.EnumerateArray()] : [];
        _budget.Step(prefix.Length / ItemsPerStep);
        var hasItems = schema.TryGetProperty("items", out var items);
        var hasContains = schema.TryGetProperty("contains", out var wanted);
        if (prefix.Length == 0 && !hasItems && !hasContains) return null;
        var (index, found) = (0, 0);
        foreach (var item in value.EnumerateArray())
        {
            var problem = index < prefix.Length ? At(prefix[index], item, Item(path, index)) : hasItems ? At(items, item, Item(path, index)) : null;
            if (problem is not null) return problem;
            if (hasContains && Fits(wanted, item)) found++;
            index++;
        }

        if (!hasContains) return null;
        var (fewest, mostFound) = (Limit(schema, "minContains") ?? 1, Limit(schema, "maxContains"));
        if (found < fewest) return (path, $"must hold at least {Text(fewest)} items of the kind that it has to contain");
        return found > mostFound ? (path, $"must hold at most {Text(mostFound.Value)} items of the kind that it has to contain") : null;
    }

    private (string, string)? FindInText(JsonElement schema, JsonElement value, string path)
    {
        var (least, most) = (Limit(schema, "minLength"), Limit(schema, "maxLength"));
        var hasPattern = schema.TryGetProperty("pattern", out var pattern);
        if (least is null && most is null && !hasPattern) return null;
        _budget.StepThrough(value);
        string text;
        try
        {
            text = value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            return (path, "is no text: it holds half of a surrogate pair");
        }

        var length = least is null && most is null ? 0 : text.EnumerateRunes().Count();
        if (length < least) return (path, $"must have at least {Text(least.Value)} characters");
        if (length > most) return (path, $"must have at most {Text(most.Value)} characters");
        return hasPattern && !_budget.Matches(pattern.GetString()!, text) ? (path, $"must match {pattern.GetString()}") : null;
    }

    private static (string, string)? FindInNumber(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("minimum", out var least) && ToolSchemaNumber.Compare(value, least) < 0) return (path, $"must be at least {ToolSchemaNumber.Write(least)}");
        if (schema.TryGetProperty("maximum", out var most) && ToolSchemaNumber.Compare(value, most) > 0) return (path, $"must be at most {ToolSchemaNumber.Write(most)}");
        if (schema.TryGetProperty("exclusiveMinimum", out var above) && ToolSchemaNumber.Compare(value, above) <= 0) return (path, $"must be above {ToolSchemaNumber.Write(above)}");
        if (schema.TryGetProperty("exclusiveMaximum", out var below) && ToolSchemaNumber.Compare(value, below) >= 0) return (path, $"must be below {ToolSchemaNumber.Write(below)}");
        return schema.TryGetProperty("multipleOf", out var unit) && !ToolSchemaNumber.IsMultiple(value, unit) ? (path, $"must be a multiple of {unit.GetRawText()}") : null;
    }

    private (string, string)? FindCombined(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("$ref", out var reference) && At(Resolve(reference.GetString()!), value, path) is { } referred) return referred;
        if (schema.TryGetProperty("allOf", out var all))
        {
            foreach (var part in all.EnumerateArray())
            {
                if (At(part, value, path) is { } problem) return problem;
            }
        }

        if (schema.TryGetProperty("anyOf", out var any))
        {
            if (any.GetArrayLength() == 1)
            {
                // Of one form it can be told what does not fit.
                if (At(any[0], value, path) is { } only) return only;
            }
            else if (!any.EnumerateArray().Any(part => Fits(part, value)))
            {
                return (path, "fits none of the forms that it may have");
            }
        }

        if (schema.TryGetProperty("oneOf", out var one))
        {
            if (one.GetArrayLength() == 1)
            {
                if (At(one[0], value, path) is { } only) return only;
            }
            else if (one.EnumerateArray().Count(part => Fits(part, value)) is var fitting and not 1)
            {
                return (path, fitting == 0 ? "fits none of the forms that it may have" : "fits more than one of the forms of which it must have one");
            }
        }

        if (schema.TryGetProperty("not", out var not) && Fits(not, value)) return (path, "has a form that it must not have");
        if (!schema.TryGetProperty("if", out var condition)) return null;
        return schema.TryGetProperty(Fits(condition, value) ? "then" : "else", out var chosen) ? At(chosen, value, path) : null;
    }

    private static double? Limit(JsonElement schema, string keyword) => schema.TryGetProperty(keyword, out var limit) ? limit.GetDouble() : null;

    private static string Text(double number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Values as they are written; of many, some.</summary>
    private static string Told(IEnumerable<JsonElement> values)
    {
        var told = new StringBuilder();
        foreach (var raw in values.Select(value => value.GetRawText()))
        {
            if (told.Length > 0) told.Append(", ");
            if (told.Length + raw.Length > MaxTold) return told.Append("...").ToString();
            told.Append(raw);
        }

        return told.ToString();
    }

    /// <summary>Paths are made for each value: long ones count.</summary>
    private string Member(string path, string name)
    {
        _budget.Step((path.Length + name.Length) / CharactersPerStep);
        return path.Length == 0 ? name : string.Concat(path, ".", name);
    }

    /// <inheritdoc cref="Member"/>
    private string Item(string path, int index)
    {
        _budget.Step(path.Length / CharactersPerStep);
        return string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
    }

    /// <summary>What a schema says of an object's members.</summary>
    private readonly struct ObjectKeywords(JsonElement schema)
    {
        private readonly JsonElement? _properties = schema.TryGetProperty("properties", out var found) ? found : null;
        private readonly JsonElement? _patterns = schema.TryGetProperty("patternProperties", out var found) ? found : null;
        private readonly JsonElement? _others = schema.TryGetProperty("additionalProperties", out var found) ? found : null;
        private readonly JsonElement? _names = schema.TryGetProperty("propertyNames", out var found) ? found : null;

        public bool IsEmpty => _properties is null && _patterns is null && _others is null && _names is null;

        public (string, string)? Find(ToolSchemaCheck check, JsonProperty member, string name, string path)
        {
            if (_names is { } names && check.At(names, JsonElement.Parse(JsonSerializer.SerializeToUtf8Bytes(name)), path) is { } misnamed)
                return (path, "has a name that " + misnamed.Reason);
            var known = false;
            if (_properties is { } properties && check._budget.Has(properties, name))
            {
                var schema = properties.GetProperty(name);
                known = true;
                if (check.At(schema, member.Value, path) is { } problem) return problem;
            }

            foreach (var pattern in _patterns is { } patterns ? patterns.EnumerateObject() : default)
            {
                check._budget.Step();
                if (!check._budget.Matches(pattern.Name, name)) continue;
                known = true;
                if (check.At(pattern.Value, member.Value, path) is { } problem) return problem;
            }

            return !known && _others is { } others ? check.At(others, member.Value, path) : null;
        }
    }
}
