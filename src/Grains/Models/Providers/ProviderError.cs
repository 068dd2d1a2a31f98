using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OpenClaw.Grains.Models.Providers;

/// <summary>
/// The error object that OpenAI, Anthropic and compatible servers send: <c>{"error":{"message","type","code","param"}}</c>,
/// or <c>{"error":"message"}</c> as Ollama does, or <c>{"message"}</c> as vLLM does.
/// </summary>
/// <param name="Message">One line of at most 300 characters, without anything that looks like a key.</param>
/// <param name="Type">The provider's kind of error, or empty.</param>
/// <param name="Concerns">Code and parameter, or empty.</param>
internal sealed partial record ProviderError(string Message, string Type, string Concerns)
{
    private const int MaxLength = 300;

    /// <summary>The provider speaks of the model itself.</summary>
    public bool IsAboutModel =>
        Message.Contains("model", StringComparison.OrdinalIgnoreCase) || Concerns.Contains("model", StringComparison.OrdinalIgnoreCase);

    public static ProviderError? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            return Read(document.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    public static ProviderError? Read(JsonElement root)
    {
        if (root.ValueKind is not JsonValueKind.Object) return null;
        if (!root.TryGetProperty("error", out var error)) error = root;
        if (error.ValueKind is JsonValueKind.String) return new ProviderError(Clean(error.GetString()!), "", "");
        if (error.ValueKind is not JsonValueKind.Object || Text(error, "message") is not { Length: > 0 } message) return null;
        return new ProviderError(Clean(message), Text(error, "type"), $"{Text(error, "code")} {Text(error, "param")}");
    }

    private static string Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";

    private static string Clean(string message)
    {
        var text = new StringBuilder(Math.Min(message.Length, MaxLength));
        foreach (var rune in LooksLikeKey().Replace(message, "[key]").EnumerateRunes())
        {
            if (text.Length >= MaxLength) return text.Append('…').ToString();
            text.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return text.ToString();
    }

    [GeneratedRegex(@"\b(?:sk|pk|key|api)[-_][A-Za-z0-9*._-]{6,}|\bBearer\s+\S+", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase)]
    private static partial Regex LooksLikeKey();
}
