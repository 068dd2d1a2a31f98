using System.Globalization;
using System.Text.Json;

namespace OpenClaw.Testing.Http;

/// <summary>A frame of a session as a client sees it: the event's id and its JSON.</summary>
public sealed record StreamFrame(long Seq, string Raw, JsonElement Json)
{
    public string Type => Json.GetProperty("type").GetString()!;

    public string TurnId => Json.GetProperty("turnId").GetString()!;

    /// <summary>The property as text, or null when the frame has none.</summary>
    public string? Text(string property) => Json.TryGetProperty(property, out var value) ? value.GetString() : null;

    /// <summary>True for the frames after which a turn says nothing more.</summary>
    public bool EndsTurn => Type is "done" or "error";

    public bool IsStatus(string status) => Type == "status" && Text("status") == status;

    public static StreamFrame Parse(SseEvent source)
    {
        var data = source.Data ?? throw new InvalidDataException("An event without data.");
        if (source.Event is not null)
            throw new InvalidDataException($"A frame with an event field: {source.Event}.");
        var seq = long.Parse(source.Id ?? throw new InvalidDataException($"A frame without id: {data}"), CultureInfo.InvariantCulture);
        return new StreamFrame(seq, data, JsonElement.Parse(data));
    }

    public override string ToString() => $"{Seq}: {Raw}";
}
