using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions.Json;

namespace OpenClaw.WebFrontend.Http;

/// <summary>Times as the API writes them, see <see cref="CompactJson.WriteTime(Utf8JsonWriter, DateTimeOffset)"/>.</summary>
internal sealed class UtcTimeConverter : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteTime(value);
}
