using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OpenClaw.Grains.Models.Providers.OpenAI;

/// <summary>
/// Reads one event of a streamed chat completion
/// (https://platform.openai.com/docs/api-reference/chat-streaming). What is not known is passed over: compatible servers
/// differ in what they add.
/// </summary>
internal static class OpenAIChunkReader
{
    /// <summary>What <c>[DONE]</c> is read as.</summary>
    public static readonly ChatResponseUpdate Done = new();

    /// <summary>The event's update, or null when it carries nothing of the answer.</summary>
    /// <exception cref="JsonException">The event is no JSON object, or one of its fields has a wrong type.</exception>
    /// <exception cref="ProviderResponseException">The server reports an error.</exception>
    public static ChatResponseUpdate? Read(string eventType, ReadOnlySpan<byte> data)
    {
        if (data.SequenceEqual("[DONE]"u8)) return Done;
        var json = new Utf8JsonReader(data);
        var update = default(Update);
        json.Read();
        Expect(ref json, JsonTokenType.StartObject);
        while (NextField(ref json))
        {
            if (json.ValueTextEquals("choices"u8)) ReadChoices(ref json, ref update);
            else if (json.ValueTextEquals("usage"u8)) ReadUsage(ref json, ref update);
            else if (json.ValueTextEquals("error"u8)) ThrowOnError(ref json, data);
            else SkipValue(ref json);
        }

        return update.ToResponse();
    }

    private static void ReadChoices(ref Utf8JsonReader json, ref Update update)
    {
        if (!TryEnter(ref json, JsonTokenType.StartArray)) return;
        while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            Expect(ref json, JsonTokenType.StartObject);
            while (NextField(ref json))
            {
                if (json.ValueTextEquals("delta"u8)) ReadDelta(ref json, ref update);
                else if (json.ValueTextEquals("finish_reason"u8)) update.FinishReason = ReadString(ref json) ?? update.FinishReason;
                else SkipValue(ref json);
            }
        }
    }

    private static void ReadDelta(ref Utf8JsonReader json, ref Update update)
    {
        if (!TryEnter(ref json, JsonTokenType.StartObject)) return;
        while (NextField(ref json))
        {
            if (json.ValueTextEquals("content"u8) || json.ValueTextEquals("refusal"u8)) update.Text += ReadString(ref json);
            else if (json.ValueTextEquals("tool_calls"u8)) ReadCalls(ref json, ref update);
            else if (json.ValueTextEquals("reasoning_content"u8) || json.ValueTextEquals("reasoning"u8)) ReadReasoning(ref json, ref update);
            else SkipValue(ref json);
        }
    }

    /// <summary>Reasoning is not shown; that there is some shows that the model is at work.</summary>
    private static void ReadReasoning(ref Utf8JsonReader json, ref Update update)
    {
        json.Read();
        if (json.TokenType is JsonTokenType.String) update.HasReasoning |= json.HasValueSequence || json.ValueSpan.Length > 0;
        else json.Skip();
    }

    private static void ReadCalls(ref Utf8JsonReader json, ref Update update)
    {
        if (!TryEnter(ref json, JsonTokenType.StartArray)) return;
        while (json.Read() && json.TokenType is not JsonTokenType.EndArray)
        {
            Expect(ref json, JsonTokenType.StartObject);
            var part = new OpenAICallPart();
            while (NextField(ref json))
            {
                if (json.ValueTextEquals("index"u8)) part = part with { Index = ReadInteger(ref json) ?? 0 };
                else if (json.ValueTextEquals("id"u8)) part = part with { Id = ReadString(ref json) };
                else if (json.ValueTextEquals("function"u8)) part = ReadFunction(ref json, part);
                else SkipValue(ref json);
            }

            (update.Calls ??= []).Add(part);
        }
    }

    private static OpenAICallPart ReadFunction(ref Utf8JsonReader json, OpenAICallPart part)
    {
        if (!TryEnter(ref json, JsonTokenType.StartObject)) return part;
        while (NextField(ref json))
        {
            if (json.ValueTextEquals("name"u8)) part = part with { Name = ReadString(ref json) };
            else if (json.ValueTextEquals("arguments"u8)) part = part with { Arguments = ReadString(ref json) };
            else SkipValue(ref json);
        }

        return part;
    }

    private static void ReadUsage(ref Utf8JsonReader json, ref Update update)
    {
        if (!TryEnter(ref json, JsonTokenType.StartObject)) return;
        while (NextField(ref json))
        {
            if (json.ValueTextEquals("prompt_tokens"u8)) update.InputTokens = ReadInteger(ref json);
            else if (json.ValueTextEquals("completion_tokens"u8)) update.OutputTokens = ReadInteger(ref json);
            else SkipValue(ref json);
        }
    }

    private static void ThrowOnError(ref Utf8JsonReader json, ReadOnlySpan<byte> data)
    {
        json.Read();
        if (json.TokenType is JsonTokenType.Null) return;
        throw new ProviderResponseException(StatusOfErrorEvent, null, ProviderError.Parse(data));
    }

    /// <summary>An error in the middle of an answer has no status of its own; it is the server's.</summary>
    private const int StatusOfErrorEvent = 500;

    /// <summary>Moves to the next field's name; false at the object's end.</summary>
    private static bool NextField(ref Utf8JsonReader json) => json.Read() && json.TokenType is JsonTokenType.PropertyName;

    private static void SkipValue(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    /// <summary>Moves into the field's value; false when it is null.</summary>
    private static bool TryEnter(ref Utf8JsonReader json, JsonTokenType type)
    {
        json.Read();
        if (json.TokenType is JsonTokenType.Null) return false;
        Expect(ref json, type);
        return true;
    }

    private static string? ReadString(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType is JsonTokenType.Null) return null;
        Expect(ref json, JsonTokenType.String);
        return json.GetString();
    }

    private static long? ReadInteger(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType is JsonTokenType.Null) return null;
        return json.TokenType is JsonTokenType.Number && json.TryGetInt64(out var value)
            ? value
            : throw new JsonException("A count of the model server is no whole number.");
    }

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type)
    {
        if (json.TokenType != type) throw new JsonException($"The model server sent {json.TokenType} where {type} belongs.");
    }

    /// <summary>What one event said.</summary>
    private struct Update
    {
        public string? Text;
        public string? FinishReason;
        public bool HasReasoning;
        public List<OpenAICallPart>? Calls;
        public long? InputTokens;
        public long? OutputTokens;

        public readonly ChatResponseUpdate? ToResponse()
        {
            List<AIContent> contents = new(1);
            if (!string.IsNullOrEmpty(Text)) contents.Add(new TextContent(Text));
            if (HasReasoning) contents.Add(new TextReasoningContent(null));
            if (InputTokens is not null || OutputTokens is not null)
                contents.Add(new UsageContent(new UsageDetails { InputTokenCount = InputTokens, OutputTokenCount = OutputTokens }));
            if (contents.Count == 0 && FinishReason is null && Calls is null) return null;
            return new ChatResponseUpdate
            {
                Contents = contents,
                FinishReason = FinishReason is null ? null : new ChatFinishReason(FinishReason),
                RawRepresentation = Calls,
            };
        }
    }
}

/// <summary>A piece of a tool call.</summary>
/// <param name="Index">The call's place in the answer.</param>
/// <param name="Id">In the first piece.</param>
/// <param name="Name">The tool's, in the first piece.</param>
/// <param name="Arguments">The next piece of its arguments.</param>
internal readonly record struct OpenAICallPart(long Index, string? Id, string? Name, string? Arguments);
