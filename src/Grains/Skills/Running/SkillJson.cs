using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenClaw.Grains.Skills.Running;

/// <summary>JSON as the API writes it: compact, in readable characters.</summary>
internal static class SkillJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static JsonElement EmptyObject { get; } = JsonElement.Parse("{}");

    public static ReadOnlyMemory<byte> Write(JsonElement element) => Write(json => element.WriteTo(json));

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options)) write(json);
        return buffer.WrittenMemory;
    }

    /// <summary>A text as JSON.</summary>
    public static ReadOnlyMemory<byte> Text(string text) => Write(json => json.WriteStringValue(text));
}
