using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Idempotency;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Storage.Sessions;

/// <summary>
/// One transaction on a session. It is written only when the row still has the epoch and revision that are expected; an
/// activation expects the epoch it loaded on its first append and its own from then on, so of two activations the one
/// that appends first goes on and the other is fenced.
/// </summary>
public sealed record SessionAppend
{
    public required SessionKey Key { get; init; }

    /// <summary>Random, new for each append. Makes a repeated append (after a connection died at COMMIT) happen once.</summary>
    public required Guid AppendId { get; init; }

    public required long ExpectedEpoch { get; init; }

    public required long ExpectedRevision { get; init; }

    /// <summary>The epoch to write: the activation's own. The revision becomes the expected one plus one.</summary>
    public required long Epoch { get; init; }

    public required long Head { get; init; }

    public required long Reserved { get; init; }

    public required SessionRunState RunState { get; init; }

    /// <summary>Replaces the row's mailbox; null clears it.</summary>
    public byte[]? Mailbox { get; init; }

    /// <summary>Replaces title, model and context; null leaves them.</summary>
    public SessionDefinition? Definition { get; init; }

    /// <summary>Added to the row's count; negative when a turn is undone.</summary>
    public int MessageDelta { get; init; }

    /// <summary>Added to the session's usage and to the tenant's usage of the day; null adds nothing.</summary>
    public UsageDelta? Usage { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>New events in order, all above the current head.</summary>
    public IReadOnlyList<SessionEventState> Events { get; init; } = [];

    /// <summary>Marks the messages of a turn as undone, or null.</summary>
    public UndoTurn? Undo { get; init; }

    /// <summary>Recorded in the same transaction, or null.</summary>
    public IdempotencyState? Idempotency { get; init; }

    /// <summary>What the world is to be told of, in the same transaction.</summary>
    public IReadOnlyList<OutboxEntry> Outbox { get; init; } = [];
}

public sealed record SessionDefinition(string? Title, string Model, byte[]? Context);

/// <summary>Undoes the events of <paramref name="TurnId"/> from <paramref name="FromSeq"/> on: the history shows them no more.</summary>
public sealed record UndoTurn(string TurnId, long FromSeq);
