using System.Buffers;
using System.Globalization;
using System.Text.Json;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.Grains.Abstractions.Json;

/// <summary>JSON as the API writes it: compact, in readable characters.</summary>
public static class CompactJson
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    private static readonly JsonWriterOptions Options = new() { Encoder = MinimalJsonEncoder.Instance };

    public static JsonElement EmptyObject { get; } = JsonElement.Parse("{}");

    public static ReadOnlyMemory<byte> Write(JsonElement element) => Write(json => element.WriteTo(json));

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options)) write(json);
        return buffer.WrittenMemory;
    }

    /// <summary>An object, of whose members <paramref name="write"/> writes all.</summary>
    public static byte[] WriteObject(Action<Utf8JsonWriter> write) => Write(json =>
    {
        json.WriteStartObject();
        write(json);
        json.WriteEndObject();
    }).ToArray();

    /// <summary>A text as JSON.</summary>
    public static ReadOnlyMemory<byte> Text(string text) => Write(json => json.WriteStringValue(text));

    /// <summary>A time as the API writes it: ISO 8601, UTC with <c>Z</c>, milliseconds.</summary>
    public static void WriteTime(this Utf8JsonWriter json, DateTimeOffset time)
    {
        Span<byte> utf8 = stackalloc byte[TimeFormat.Length];
        time.UtcDateTime.TryFormat(utf8, out var written, TimeFormat, CultureInfo.InvariantCulture);
        json.WriteStringValue(utf8[..written]);
    }

    /// <summary>The same as a member; null where there is no time.</summary>
    public static void WriteTime(this Utf8JsonWriter json, string name, DateTimeOffset? time)
    {
        json.WritePropertyName(name);
        if (time is { } at) json.WriteTime(at);
        else json.WriteNullValue();
    }

    /// <summary>What a turn used, as the API's <c>usage</c>.</summary>
    public static void WriteUsage(this Utf8JsonWriter json, TokenUsage usage)
    {
        json.WriteStartObject("usage"u8);
        json.WriteNumber("inputTokens"u8, usage.InputTokens);
        json.WriteNumber("outputTokens"u8, usage.OutputTokens);
        json.WriteNumber("totalTokens"u8, usage.TotalTokens);
        if (usage.Estimated) json.WriteBoolean("estimated"u8, true);
        json.WriteEndObject();
    }

    /// <summary>The error object of the API, in English, for readers who name no language.</summary>
    /// <param name="json">Where it is written.</param>
    /// <param name="name">Of the member that it is.</param>
    /// <param name="problem">What went wrong.</param>
    public static void WriteError(this Utf8JsonWriter json, string name, Problem problem)
    {
        json.WriteStartObject(name);
        json.WriteString("code", ErrorCatalogue.NameOf(problem.Code));
        json.WriteString("message", ErrorCatalogue.MessageOf(problem.Code).English);
        if (problem.Field is not null || problem.Reason is not null)
        {
            json.WriteStartObject("details");
            if (problem.Field is not null) json.WriteString("field", problem.Field);
            if (problem.Reason is not null) json.WriteString("reason", problem.Reason.English);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }
}
