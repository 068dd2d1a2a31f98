using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OpenClaw.Grains.Models.Providers.OpenAI;

/// <summary>
/// Writes the body of a streamed chat completion
/// (https://platform.openai.com/docs/api-reference/chat/create).
/// </summary>
internal static class OpenAIRequestWriter
{
    private static readonly JsonWriterOptions WriterOptions =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private static readonly ConditionalWeakTable<IList<AITool>, byte[]> Tools = [];

    public static ReadOnlyMemory<byte> Write(string model, IEnumerable<ChatMessage> messages, ChatOptions? options)
    {
        var output = new ArrayBufferWriter<byte>(4096);
        using var json = new Utf8JsonWriter(output, WriterOptions);
        json.WriteStartObject();
        json.WriteString("model"u8, model);
        json.WriteStartArray("messages"u8);
        foreach (var message in messages) WriteMessage(json, message);
        json.WriteEndArray();
        if (options?.Tools is { Count: > 0 } tools)
        {
            json.WritePropertyName("tools"u8);
            // Made once for each list of tools.
            json.WriteRawValue(Tools.GetValue(tools, WriteTools), skipInputValidation: true);
        }

        if (options?.MaxOutputTokens is { } most) json.WriteNumber("max_completion_tokens"u8, most);
        json.WriteBoolean("stream"u8, true);
        json.WriteStartObject("stream_options"u8);
        json.WriteBoolean("include_usage"u8, true);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        return output.WrittenMemory;
    }

    private static void WriteMessage(Utf8JsonWriter json, ChatMessage message)
    {
        if (message.Role == ChatRole.Tool)
        {
            foreach (var result in message.Contents.OfType<FunctionResultContent>()) WriteToolResult(json, result);
            return;
        }

        json.WriteStartObject();
        json.WriteString("role"u8, message.Role.Value);
        WriteContent(json, message.Contents);
        if (message.Contents.OfType<FunctionCallContent>().Any()) WriteCalls(json, message.Contents);
        json.WriteEndObject();
    }

    private static void WriteToolResult(Utf8JsonWriter json, FunctionResultContent result)
    {
        json.WriteStartObject();
        json.WriteString("role"u8, "tool"u8);
        json.WriteString("tool_call_id"u8, result.CallId);
        json.WriteString("content"u8, result.Result as string ?? JsonSerializer.Serialize(result.Result, AIJsonUtilities.DefaultOptions));
        json.WriteEndObject();
    }

    /// <summary>Text alone goes as a string, which every server takes; with images among it, as parts.</summary>
    private static void WriteContent(Utf8JsonWriter json, IList<AIContent> contents)
    {
        switch (contents)
        {
            case [TextContent only]:
                json.WriteString("content"u8, only.Text);
                return;
            case [] or [FunctionCallContent, ..]:
                return;
        }

        if (contents.All(content => content is TextContent))
        {
            json.WriteString("content"u8, string.Join('\n', contents));
            return;
        }

        json.WriteStartArray("content"u8);
        foreach (var content in contents) WritePart(json, content);
        json.WriteEndArray();
    }

    private static void WritePart(Utf8JsonWriter json, AIContent content)
    {
        switch (content)
        {
            case TextContent text:
                json.WriteStartObject();
                json.WriteString("type"u8, "text"u8);
                json.WriteString("text"u8, text.Text);
                json.WriteEndObject();
                break;
            case DataContent data when data.HasTopLevelMediaType("image"):
                WriteImage(json, data.Uri);
                break;
            case UriContent link when link.HasTopLevelMediaType("image"):
                WriteImage(json, link.Uri.AbsoluteUri);
                break;
        }
    }

    private static void WriteImage(Utf8JsonWriter json, string uri)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "image_url"u8);
        json.WriteStartObject("image_url"u8);
        json.WriteString("url"u8, uri);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteCalls(Utf8JsonWriter json, IList<AIContent> contents)
    {
        json.WriteStartArray("tool_calls"u8);
        foreach (var call in contents.OfType<FunctionCallContent>())
        {
            json.WriteStartObject();
            json.WriteString("id"u8, call.CallId);
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, call.Name);
            json.WriteString("arguments"u8, JsonSerializer.Serialize(call.Arguments, AIJsonUtilities.DefaultOptions));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static byte[] WriteTools(IList<AITool> tools)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        using var json = new Utf8JsonWriter(output, WriterOptions);
        json.WriteStartArray();
        foreach (var tool in tools.OfType<AIFunctionDeclaration>())
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "function"u8);
            json.WriteStartObject("function"u8);
            json.WriteString("name"u8, tool.Name);
            json.WriteString("description"u8, tool.Description);
            json.WritePropertyName("parameters"u8);
            tool.JsonSchema.WriteTo(json);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        return output.WrittenSpan.ToArray();
    }
}
