using System.Text.Json;

namespace OpenClaw.Testing.Sockets;

/// <summary>A frame of the server on <c>/ws</c>.</summary>
public sealed record SocketFrame(string Raw, JsonElement Json)
{
    public string Type => Json.GetProperty("type").GetString()!;

    public JsonElement Data => Json.GetProperty("data");

    /// <summary>The tenant's event number, or null of a frame that is no event of the log.</summary>
    public long? Seq => Json.TryGetProperty("seq", out var seq) ? seq.GetInt64() : null;

    /// <summary>The session's number, or null of a frame that is not of a session.</summary>
    public long? SessionSeq => Json.TryGetProperty("sessionSeq", out var seq) ? seq.GetInt64() : null;

    /// <summary>True for what the log keeps: it has a channel and a seq.</summary>
    public bool IsEvent => Seq is not null && Json.TryGetProperty("channel", out _);

    /// <summary>True for what the log has of a message of this role, in this session where one is named.</summary>
    public bool IsMessage(string role, string? sessionId = null) =>
        Type == "message" && DataText("role") == role && (sessionId is null || DataText("sessionId") == sessionId);

    public static SocketFrame Parse(string raw) => new(raw, JsonElement.Parse(raw));

    /// <summary>The property as text, or null when the frame has none.</summary>
    public string? Text(string property) => Json.TryGetProperty(property, out var value) ? value.GetString() : null;

    /// <summary>A property of the data as text, or null when it has none.</summary>
    public string? DataText(string property) => Data.TryGetProperty(property, out var value) ? value.GetString() : null;

    public override string ToString() => Raw;
}
