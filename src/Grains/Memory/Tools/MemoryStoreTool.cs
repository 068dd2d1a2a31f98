using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Memory.Tools;

/// <summary><c>memory_store</c>: something to be remembered beyond the conversation. Made again after a crash, the change is made once.</summary>
internal sealed class MemoryStoreTool(IGrainFactory grains) : ITool
{
    public const string ToolName = "memory_store";

    private static readonly JsonElement Schema = JsonElement.Parse(
        $$"""
        {
          "type": "object",
          "properties": {
            "key": { "type": "string", "description": "Short name by which it is found again, such as favourite-colour. What has this key is replaced.", "minLength": 1, "maxLength": {{MemoryEntry.MaxKeyLength}} },
            "value": { "type": ["string", "number", "boolean", "object", "array"], "description": "What is to be remembered: a sentence, or any JSON." },
            "category": { "type": "string", "description": "A kind of memories, such as preferences.", "minLength": 1, "maxLength": 256 },
            "ttlSeconds": { "type": "integer", "description": "Seconds until it is forgotten; for ever when left out.", "minimum": 1, "maximum": 3153600000 },
            {{MemoryTools.NamespaceProperty}}
          },
          "required": ["key", "value"],
          "additionalProperties": false
        }
        """);

    private static readonly JsonWriterOptions Writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public string Name => ToolName;

    public string Description => "Remembers something for later conversations, under a key.";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.Write;

    public bool IsIdempotent => true;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var value = Compact(json => arguments.GetProperty("value").WriteTo(json));
        if (value.Utf8.Length > MemoryEntry.MaxValueBytes)
            return ToolResult.Failure(string.Create(CultureInfo.InvariantCulture, $"value: must not be longer than {MemoryEntry.MaxValueBytes} bytes of JSON; a file holds more"));
        if (context.Memory(grains, arguments) is not { } memory) return MemoryTools.NoNamespace;
        var changed = await memory.Store(
            new StoreMemory
            {
                Key = arguments.GetProperty("key").GetString()!,
                Value = value,
                Metadata = arguments.TryGetProperty("category", out var category) ? Compact(json => WriteCategory(json, category)) : default,
                TtlSeconds = arguments.TryGetProperty("ttlSeconds", out var seconds) ? (long)seconds.GetDouble() : null,
                Source = context.MemorySource(),
                ChangeId = context.ChangeId(),
            },
            cancellationToken);
        return changed.Problem is { } problem
            ? ToolResult.Refused(problem)
            : ToolResult.Success(
                $"Remembered under the key {changed.Entry!.Key}.", ToolActions.Of(ToolActions.MemoryStored, "key", changed.Entry.Key));
    }

    private static void WriteCategory(Utf8JsonWriter json, JsonElement category)
    {
        json.WriteStartObject();
        json.WriteString("category", category.GetString());
        json.WriteEndObject();
    }

    private static JsonPayload Compact(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Writing)) write(json);
        return new JsonPayload(buffer.WrittenMemory);
    }
}
