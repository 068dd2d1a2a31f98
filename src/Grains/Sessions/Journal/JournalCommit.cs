using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Idempotency;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Grains.Sessions.Journal;

/// <summary>A checkpoint: events with frames of their own, and the mailbox that goes with them.</summary>
internal sealed record JournalCommit
{
    public required MailboxState Mailbox { get; init; }

    public IReadOnlyList<JournalEntry> Entries { get; init; } = [];

    public SessionDefinition? Definition { get; init; }

    public int MessageDelta { get; init; }

    public UsageDelta? Usage { get; init; }

    public UndoTurn? Undo { get; init; }

    public IdempotencyState? Idempotency { get; init; }

    /// <summary>What the tenant is told of it.</summary>
    public IReadOnlyList<OutboxEntry> Outbox { get; init; } = [];
}

/// <summary>An event and the frames that show it; they get consecutive seqs.</summary>
internal sealed record JournalEntry(
    SessionEventKind Kind,
    string TurnId,
    byte[] Payload,
    params IReadOnlyList<Frame> Frames);
