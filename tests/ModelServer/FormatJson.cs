using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenClaw.ModelServer;

/// <summary>What both protocols share in reading and writing JSON.</summary>
internal static class FormatJson
{
    private const int PieceLength = 8;

    private static readonly JsonSerializerOptions Options = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
    };

    public static string Text(JsonObject json) => json.ToJsonString(Options);

    public static JsonElement Parse(string body)
    {
        using var document = JsonDocument.Parse(body);
        return document.RootElement.Clone();
    }

    public static string Property(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String ? value.GetString()! : "";

    public static bool Flag(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.True;

    /// <summary>A content that is either a text or a list of parts: its text, and how many parts are images.</summary>
    public static (string Text, int Images) Content(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content)) return ("", 0);
        if (content.ValueKind is JsonValueKind.String) return (content.GetString()!, 0);
        if (content.ValueKind is not JsonValueKind.Array) return ("", 0);
        var parts = content.EnumerateArray().ToList();
        var text = string.Concat(parts.Select(part => Property(part, "text")));
        return (text, parts.Count(part => Property(part, "type") is "image_url" or "image"));
    }

    /// <summary>A tool call's arguments in pieces, at least one.</summary>
    public static IEnumerable<string> Pieces(string arguments)
    {
        for (var start = 0; start == 0 || start < arguments.Length; start += PieceLength)
            yield return arguments[start..Math.Min(arguments.Length, start + PieceLength)];
    }
}
