namespace OpenClaw.ModelServer;

/// <summary>A request that reached the server. Headers that hold a key show <c>(set)</c>.</summary>
public sealed record RecordedRequest
{
    /// <summary>From 1, since the last reset.</summary>
    public required int Number { get; init; }

    public required string Method { get; init; }

    public required string Path { get; init; }

    public required IReadOnlyDictionary<string, string> Headers { get; init; }

    public required string Body { get; init; }

    public required string Model { get; init; }

    public required bool Streamed { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary><c>running</c>, <c>completed</c> (the server ended it as scripted) or <c>aborted</c> (the client left).</summary>
    public string Outcome { get; set; } = "running";

    public int ChunksSent { get; set; }
}
