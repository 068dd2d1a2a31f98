using System.Buffers;
using System.Text.Json;
using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Json;

/// <summary>JSON as the API writes it: compact, in readable characters.</summary>
public static class CompactJson
{
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
