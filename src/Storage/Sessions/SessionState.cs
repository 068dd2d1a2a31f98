using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.Storage.Sessions;

/// <summary>A session's row. Times have millisecond precision, UTC.</summary>
public sealed record SessionState
{
    public required SessionKey Key { get; init; }

    /// <summary>Fencing: an activation writes under the epoch it found plus one; see <see cref="SessionAppend"/>.</summary>
    public long Epoch { get; init; }

    /// <summary>Appends so far.</summary>
    public long Revision { get; init; }

    /// <summary>The last durable event's seq; 0 when there is none.</summary>
    public long Head { get; init; }

    /// <summary>
    /// No seq up to this one may be given out again, at least <see cref="Head"/>. Above it while a turn runs: frames leave
    /// before they are written, so a block is reserved ahead of them.
    /// </summary>
    public long Reserved { get; init; }

    public SessionRunState RunState { get; init; }

    public string? Title { get; init; }

    public required string Model { get; init; }

    public string? SystemPrompt { get; init; }

    /// <summary>The caller's JSON object as UTF-8, or null.</summary>
    public byte[]? Context { get; init; }

    public OverlapRule? Overlap { get; init; }

    /// <summary>The mailbox (running and waiting turns) as the session grain wrote it, or null when nothing runs or waits.</summary>
    public byte[]? Mailbox { get; init; }

    public long MessageCount { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>Stored as a number: the values are for good.</summary>
public enum SessionRunState
{
    /// <summary>No message yet.</summary>
    Created = 0,

    Idle = 1,

    /// <summary>A turn runs, or waits for a slot: the watchdog looks for these.</summary>
    Running = 2,

    /// <summary>A turn waits for somebody's approval: nothing runs, and nobody looks for it.</summary>
    Waiting = 3,
}
