using System.Text.Json;
using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Idempotency;

namespace OpenClaw.Grains.Idempotency;

/// <summary>An answer as the idempotency table keeps it: JSON, the body as base64.</summary>
internal sealed record StoredAnswerState(int Status, string? Location, byte[] Body)
{
    public static byte[] Encode(StoredAnswer answer) => JsonSerializer.SerializeToUtf8Bytes(
        new StoredAnswerState(answer.Status, answer.Location, answer.Body.Utf8.ToArray()),
        StoredAnswerJson.Default.StoredAnswerState);

    public static StoredAnswer Decode(byte[] utf8)
    {
        var state = JsonSerializer.Deserialize(utf8, StoredAnswerJson.Default.StoredAnswerState)
            ?? throw new JsonException("A stored answer reads null.");
        return new StoredAnswer(state.Status, state.Location, new JsonPayload(state.Body));
    }
}

[JsonSerializable(typeof(StoredAnswerState))]
internal sealed partial class StoredAnswerJson : JsonSerializerContext;
