using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenClaw.Grains.Skills.Packages;

/// <summary>What placeholders stand for: parameters and secrets of one execution.</summary>
internal sealed class TemplateValues(JsonElement parameters, IReadOnlyDictionary<string, string> secrets)
{
    public static JsonWriterOptions Writing { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonSerializerOptions Relaxed { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The value of a placeholder, its default where there is none; null where there is neither.</summary>
    public JsonElement? Find(TemplatePart part)
    {
        if (part.Secret is { } secret) return secrets.TryGetValue(secret, out var value) ? TextOf(value) : TextOrNull(part.Default);
        var found = parameters;
        foreach (var name in part.Names)
        {
            if (found.ValueKind is not JsonValueKind.Object || !found.TryGetProperty(name, out found)) return TextOrNull(part.Default);
        }

        // Models send null for what they leave out.
        return found.ValueKind is JsonValueKind.Null ? TextOrNull(part.Default) : found;
    }

    private static JsonElement? TextOrNull(string? text) => text is null ? null : TextOf(text);

    private static JsonElement TextOf(string text) => JsonSerializer.SerializeToElement(text, Relaxed);
}

/// <summary>What a template came to.</summary>
/// <param name="Text">Null where it comes to nothing, or cannot be used.</param>
/// <param name="Bytes">Of a body.</param>
/// <param name="Problem">Why it cannot be used.</param>
internal sealed record TemplateResult(string? Text, byte[]? Bytes, string? Problem)
{
    public static TemplateResult Omitted { get; } = new(null, null, null);

    public static TemplateResult Of(string text) => new(text, null, null);

    public static TemplateResult Of(byte[] bytes) => new(null, bytes, null);

    public static TemplateResult Refused(string problem) => new(null, null, problem);

    public static TemplateResult Missing(TemplatePart part) => Refused($"needs {part.Told}, which was not given");
}
