namespace OpenClaw.Testing.Audits;

/// <summary>A message that a client sent, and what it was told about it before the server died.</summary>
public sealed class SentMessage(string content, bool streamed)
{
    /// <summary>Unique, so that the message is found again in the history.</summary>
    public string Content { get; } = content;

    public bool Streamed { get; } = streamed;

    public string IdempotencyKey { get; } = Guid.NewGuid().ToString("N");

    /// <summary>A 2xx was seen: from here on no crash may lose it.</summary>
    public bool Acknowledged { get; set; }

    /// <summary>The turn that a streamed answer named, or null.</summary>
    public string? TurnId { get; set; }

    /// <summary>The assistant's message that an answer named, or null.</summary>
    public string? AnswerId { get; set; }
}
