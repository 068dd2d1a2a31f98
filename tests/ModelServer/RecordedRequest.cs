namespace OpenClaw.ModelServer;

/// <summary>A request that reached the server. Headers that hold a key show <c>(set)</c>.</summary>
public sealed record RecordedRequest
{
    /// <summary>From 1, since the last reset.</summary>
    public required int Number { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    /// <summary>Empty when the server was started without bodies.</summary>
    public required string Body { get; init; }

    /// <summary>Text of the last user's message.</summary>
    public required string UserText { get; init; }

    public required string Model { get; init; }

    public required bool Streamed { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary><c>running</c>, <c>completed</c> (ended as scripted), <c>cut</c> (broken off as scripted) or <c>aborted</c> (the client left).</summary>
    public string Outcome { get; set; } = "running";

    public int ChunksSent { get; set; }

    /// <summary>The prompt's tokens as the answer told them; 0 when it has not come to that.</summary>
    public int InputTokens { get; set; }

    /// <summary>The answer's own tokens, likewise.</summary>
    public int OutputTokens { get; set; }
}
