using System.Text;

namespace OpenClaw.Grains.Abstractions;

/// <summary>
/// A JSON document as UTF-8 bytes. Grain interfaces take this instead of <c>JsonElement</c> or <c>JsonNode</c>,
/// which Orleans cannot serialize: one such parameter makes every call on the interface fail at run time.
/// </summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.JsonPayload")]
public readonly record struct JsonPayload([property: Id(0)] ReadOnlyMemory<byte> Utf8)
{
    public static JsonPayload From(string json) => new(Encoding.UTF8.GetBytes(json));

    public bool IsEmpty => Utf8.IsEmpty;

    public override string ToString() => Encoding.UTF8.GetString(Utf8.Span);
}
