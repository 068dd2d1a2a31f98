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

    /// <summary>Whether it holds a secret at all.</summary>
    public static bool HasSecrets(string template) => PartsOf(template).Any(part => part.Secret is not null);

    /// <summary>Secrets that a header, or a part of the query, cannot do without: one of placeholders alone is left out where they have no value.</summary>
    public static IEnumerable<string> SecretsOfOptional(string template) => PartsOf(template).Any(part => part.Literal is not null) ? SecretsOf(template) : [];

    /// <summary>Secrets that the texts of a body cannot do without.</summary>
    public static IEnumerable<string> SecretsOf(JsonElement body) => body.ValueKind switch
    {
        JsonValueKind.Object => body.EnumerateObject().SelectMany(member => SecretsOf(member.Value)),
        JsonValueKind.Array => body.EnumerateArray().SelectMany(SecretsOf),
        JsonValueKind.String => SecretsOfOptional(body.GetString()!),
        _ => [],
    };

    /// <summary>The address: values percent-encoded, but for one at its beginning.</summary>
    public static TemplateResult Url(string template, TemplateValues values)
    {
        var url = new StringBuilder();
        var put = new List<(int At, TemplatePart Part)>();
        var parts = PartsOf(template);
        for (var index = 0; index < parts.Count; index++)
        {
            var part = parts[index];
            if (part.Literal is { } literal)
            {
                url.Append(literal);
                continue;
            }

            if (values.Find(part) is not { } value) return TemplateResult.Missing(part);
            var text = index == 0 ? TextOf(value).TrimEnd('/') : Uri.EscapeDataString(TextOf(value));

            // An empty beginning would leave the choice of the address to what comes next, and an empty part of a path is another path.
            if (text.Length == 0 && (index == 0 || PathOf(url.ToString()).Length == url.Length)) return TemplateResult.Refused($"{part.Told} must not be empty in an address");
            if (index > 0) put.Add((url.Length, part));
            url.Append(text);
            if (url.Length > MaxUrl) break;
        }

        if (url.Length > MaxUrl) return TemplateResult.Refused($"is longer than {MaxUrl} characters");
        return FindStep(url.ToString(), put) is { } step ? TemplateResult.Refused($"{step.Told} must not make . or .. of a part of an address's path") : TemplateResult.Of(url.ToString());
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
        foreach (var part in PartsOf(template))
        {
            text.Append(part.Literal ?? (values.Find(part) is { } value ? TextOf(value) : ""));
            if (text.Length > MaxText) break;
        }

        return text.Length > MaxText ? TemplateResult.Refused($"is longer than {MaxText} characters") : TemplateResult.Of(text.ToString());
    }

    /// <summary>JSON whose texts are templates.</summary>
    public static TemplateResult Body(JsonElement template, TemplateValues values)
    {
        using var buffer = new MemoryStream();
        using var json = new Utf8JsonWriter(buffer, TemplateValues.Writing);
        if (IsAbsent(template, values)) json.WriteNullValue();
        else if (WriteBody(json, template, values) is { } problem) return TemplateResult.Refused(problem);
        json.Flush();
        return TemplateResult.Of(buffer.ToArray());
    }

    /// <summary>What keeps a part of the body from being written; it ends as soon as the body is too large, as a value can be put in many places.</summary>
    private static string? WriteBody(Utf8JsonWriter json, JsonElement template, TemplateValues values)
    {
        switch (template.ValueKind)
        {
            case JsonValueKind.Object:
                json.WriteStartObject();
                foreach (var member in template.EnumerateObject().Where(member => !IsAbsent(member.Value, values)))
                {
                    json.WritePropertyName(member.Name);
                    if (WriteBody(json, member.Value, values) is { } problem) return problem;
                }

                json.WriteEndObject();
                break;
            case JsonValueKind.Array:
                json.WriteStartArray();
                foreach (var item in template.EnumerateArray().Where(item => !IsAbsent(item, values)))
                {
                    if (WriteBody(json, item, values) is { } problem) return problem;
                }

                json.WriteEndArray();
                break;
            case JsonValueKind.String when PartsOf(template.GetString()!) is [{ Literal: null } alone]:
                values.Find(alone)!.Value.WriteTo(json);
                break;
            case JsonValueKind.String:
                var text = Text(template.GetString()!, values);
                if (text.Problem is not null) return text.Problem;
                json.WriteStringValue(text.Text);
                break;
            default:
                template.WriteTo(json);
                break;
        }

        return json.BytesCommitted + json.BytesPending > MaxBody ? "is larger than 10 MiB" : null;
    }

    /// <summary>One placeholder without a value: whoever holds it leaves it out.</summary>
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
            if (text.Length > most) break;
        }

        return text.Length > most ? TemplateResult.Refused($"is longer than {most} characters") : TemplateResult.Of(text.ToString());
    }

    /// <summary>The placeholder whose value makes a step within a path, or out of it, of a part of the path; alone, or with what is next to it.</summary>
    private static TemplatePart? FindStep(string url, List<(int At, TemplatePart Part)> put)
    {
        var start = 0;
        foreach (var name in PathOf(url).Split('/', '\\'))
        {
            var end = start + name.Length;
            if (name.Replace("%2e", ".", StringComparison.OrdinalIgnoreCase) is "." or "..")
            {
                foreach (var (at, part) in put)
                {
                    if (at >= start && at < end) return part;
                }
            }

            start = end + 1;
        }

        return null;
    }

    /// <summary>What is before the query.</summary>
    private static string PathOf(string url) => url.AsSpan().IndexOfAny('?', '#') is >= 0 and var end ? url[..end] : url;

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
