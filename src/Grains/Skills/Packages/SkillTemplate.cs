using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OpenClaw.Grains.Skills.Packages;

/// <summary>
/// Texts with placeholders, as <c>docs/skills.md</c> has them: <c>{{name}}</c>, <c>{{secrets.NAME}}</c>, <c>{{params}}</c>, each with a
/// default behind <c>|</c>. Values are somebody else's: none of them leaves the place where it was put.
/// </summary>
internal static class SkillTemplate
{
    private const int MaxPlaceholders = 64;
    private const int MaxUrl = 8192;
    private const int MaxHeader = 8192;
    private const int MaxText = 1024 * 1024;
    private const int MaxBody = 10 * 1024 * 1024;

    /// <summary>What is wrong with a template, or null.</summary>
    public static string? FindProblem(string template) => Parse(template, out _);

    /// <summary>Secrets that it cannot do without.</summary>
    public static IEnumerable<string> SecretsOf(string template) => PartsOf(template)
        .Where(part => part is { Secret: not null, Default: null })
        .Select(part => part.Secret!);

    /// <summary>Secrets that the texts of a body cannot do without.</summary>
    public static IEnumerable<string> SecretsOf(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.Object => body.EnumerateObject().SelectMany(member => SecretsOf(member.Value)),
        JsonValueKind.Array => body.EnumerateArray().SelectMany(SecretsOf),
        JsonValueKind.String => SecretsOf(body.GetString()!),
        _ => [],
    };

    /// <summary>The address: values percent-encoded, but for one at its beginning.</summary>
    public static TemplateResult Url(string template, TemplateValues values)
    {
        var url = new StringBuilder();
        foreach (var part in PartsOf(template))
        {
            if (part.Literal is { } literal)
            {
                url.Append(literal);
                continue;
            }

            if (values.Find(part) is not { } value) return TemplateResult.Missing(part);
            var text = TextOf(value);
            if (url.Length == 0)
            {
                url.Append(text.TrimEnd('/'));
                continue;
            }

            // In a path these would be another place in it.
            if (text is "." or ".." || (text.Length == 0 && !url.ToString().Contains('?', StringComparison.Ordinal)))
                return TemplateResult.Refused($"{part.Told} must not be '{text}' in an address");
            url.Append(Uri.EscapeDataString(text));
        }

        return url.Length > MaxUrl ? TemplateResult.Refused($"is longer than {MaxUrl} characters") : TemplateResult.Of(url.ToString());
    }

    /// <summary>A header's value; no text where it comes to nothing.</summary>
    public static TemplateResult Header(string template, TemplateValues values)
    {
        var rendered = Optional(template, values, MaxHeader);
        return rendered.Text is { } text && text.Any(c => c is (< ' ' or > '~') and not '\t')
            ? TemplateResult.Refused("must not hold line breaks, control characters or characters beyond ASCII")
            : rendered;
    }

    /// <summary>The value of a part of the query, not encoded yet; no text where it comes to nothing.</summary>
    public static TemplateResult Query(string template, TemplateValues values) => Optional(template, values, MaxUrl);

    /// <summary>A text for a model.</summary>
    public static TemplateResult Text(string template, TemplateValues values)
    {
        var text = new StringBuilder();
        foreach (var part in PartsOf(template)) text.Append(part.Literal ?? (values.Find(part) is { } value ? TextOf(value) : ""));
        return text.Length > MaxText ? TemplateResult.Refused($"is longer than {MaxText} characters") : TemplateResult.Of(text.ToString());
    }

    /// <summary>JSON whose texts are templates.</summary>
    public static TemplateResult Body(JsonElement template, TemplateValues values)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, TemplateValues.Writing))
        {
            if (!WriteBody(json, template, values)) json.WriteNullValue();
        }

        return buffer.Length > MaxBody ? TemplateResult.Refused("is larger than 10 MiB") : TemplateResult.Of(buffer.ToArray());
    }

    /// <summary>False when there is nothing to write: then whoever holds it leaves it out.</summary>
    private static bool WriteBody(Utf8JsonWriter json, JsonElement template, TemplateValues values)
    {
        switch (template.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in template.EnumerateObject())
                {
                    if (IsAbsent(member.Value, values)) continue;
                    json.WritePropertyName(member.Name);
                    WriteBody(json, member.Value, values);
                }

                json.WriteEndObject();
                return true;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in template.EnumerateArray().Where(item => !IsAbsent(item, values))) WriteBody(json, item, values);
                json.WriteEndArray();
                return true;
            case JsonValueKind.String when PartsOf(template.GetString()!) is [{ Literal: null } alone]:
                if (values.Find(alone) is not { } value) return false;
                value.WriteTo(json);
                return true;
            case JsonValueKind.String:
                json.WriteStringValue(Text(template.GetString()!, values).Text);
                return true;
            default:
                template.WriteTo(json);
                return true;
        }
    }

    private static bool IsAbsent(JsonElement template, TemplateValues values) =>
        template.ValueKind is JsonValueKind.String && PartsOf(template.GetString()!) is [{ Literal: null } alone] && values.Find(alone) is null;

    /// <summary>No text when a placeholder has no value and nothing but placeholders is there.</summary>
    private static TemplateResult Optional(string template, TemplateValues values, int most)
    {
        var text = new StringBuilder();
        var parts = PartsOf(template);
        foreach (var part in parts)
        {
            if (part.Literal is { } literal) text.Append(literal);
            else if (values.Find(part) is { } value) text.Append(TextOf(value));
            else if (parts.All(other => other.Literal is null)) return TemplateResult.Omitted;
            else return TemplateResult.Missing(part);
        }

        return text.Length > most ? TemplateResult.Refused($"is longer than {most} characters") : TemplateResult.Of(text.ToString());
    }

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => JsonSerializer.Serialize(value, TemplateValues.Relaxed),
    };

    private static List<TemplatePart> PartsOf(string template) => Parse(template, out var parts) is { } problem
        ? throw new FormatException($"A template that was taken in is none: {problem}.")
        : parts;

    private static string? Parse(string template, out List<TemplatePart> parts)
    {
        parts = [];
        var at = 0;
        while (at < template.Length)
        {
            var open = template.IndexOf("{{", at, StringComparison.Ordinal);
            if (open < 0) open = template.Length;
            if (template.AsSpan(at, open - at).Contains("}}", StringComparison.Ordinal)) return "closes a placeholder with }} that was not opened with {{";
            if (open > at) parts.Add(new TemplatePart { Literal = template[at..open] });
            if (open == template.Length) break;
            var close = template.IndexOf("}}", open, StringComparison.Ordinal);
            if (close < 0) return "opens a placeholder with {{ that is not closed with }}";
            if (TemplatePart.Read(template[(open + 2)..close]) is not { } part)
                return $"holds {{{{{template[(open + 2)..close]}}}}}, which is no placeholder: a parameter, params or secrets.NAME, and maybe a default behind |";
            if (parts.Count(other => other.Literal is null) == MaxPlaceholders) return string.Create(CultureInfo.InvariantCulture, $"holds more than {MaxPlaceholders} placeholders");
            parts.Add(part);
            at = close + 2;
        }

        return null;
    }
}
