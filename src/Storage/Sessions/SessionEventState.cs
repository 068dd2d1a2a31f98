namespace OpenClaw.Storage.Sessions;

/// <summary>
/// A row of the log: one event that covers a range of frames. Rows of a session follow one another in seq; a jump stands
/// only before a recovery.
/// </summary>
/// <param name="SeqFrom">First frame's seq; unique in the session.</param>
/// <param name="SeqTo">Last frame's seq.</param>
/// <param name="TurnId">The turn it belongs to.</param>
/// <param name="Kind">What the payload holds.</param>
/// <param name="Payload">JSON as UTF-8, opaque to the storage.</param>
/// <param name="At">Millisecond precision, UTC.</param>
public sealed record SessionEventState(
    long SeqFrom,
    long SeqTo,
    string TurnId,
    SessionEventKind Kind,
    byte[] Payload,
    DateTimeOffset At);

/// <summary>Stored as a number: the values are for good.</summary>
public enum SessionEventKind
{
    /// <summary>A user's message, seq of its own.</summary>
    Message = 1,

    /// <summary>A range of frames of a running turn.</summary>
    Frames = 2,

    /// <summary>The intent to run a tool, written before it runs; the frame is <c>tool started</c>.</summary>
    ToolIntent = 3,

    /// <summary>What a tool answered; the frame is <c>tool succeeded</c> or <c>failed</c>.</summary>
    ToolResult = 4,

    /// <summary>The end of a turn, with the assistant's message; the frame is <c>done</c> or <c>error</c>.</summary>
    Done = 5,

    /// <summary>A turn goes on after a crash.</summary>
    Recovering = 6,

    /// <summary>A turn was undone.</summary>
    RolledBack = 7,

    /// <summary>A tool call waits for somebody's approval.</summary>
    Approval = 8,
}
