using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions;

namespace OpenClaw.WebFrontend.Http;

/// <summary>A JSON document that is written into an answer as it is.</summary>
[JsonConverter(typeof(RawJsonConverter))]
internal readonly record struct RawJson(JsonPayload Payload)
{
    public static RawJson OrEmptyObject(JsonPayload payload) =>
        new(payload.IsEmpty ? new JsonPayload("{}"u8.ToArray()) : payload);
}

internal sealed class RawJsonConverter : JsonConverter<RawJson>
{
    public override RawJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        return new RawJson(JsonPayload.From(document.RootElement.GetRawText()));
    }

    public override void Write(Utf8JsonWriter writer, RawJson value, JsonSerializerOptions options) =>
        writer.WriteRawValue(value.Payload.Utf8.Span, skipInputValidation: true);
}
