using System.Diagnostics;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Idempotency;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Sessions.Journal;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Storage.Idempotency;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Sessions;

/// <summary>Takes a message in: its event, its place in the mailbox and its idempotency key in one transaction.</summary>
internal sealed class MessageAcceptance(SessionServices services, SessionJournal journal)
{
    private const int MaxTitleCharacters = 60;

    private static readonly TimeSpan IdempotencyLifetime = TimeSpan.FromHours(24);

    public async Task<AcceptedMessage> AcceptAsync(SendMessage message, CancellationToken cancellationToken)
    {
        var state = new MessageState
        {
            Id = TurnIds.NewMessage(),
            Content = message.Content,
            Attachments = message.Attachments is { Count: > 0 } files
                ? [.. files.Select(file => new AttachmentState(file.Type, file.Path))]
                : null,
            Scopes = message.Scopes,
        };
        var rule = RuleOf(message);
        var trace = Activity.Current?.Id;
        MailboxPlacement? placement = null;
        var seq = 0L;
        var outcome = await journal.CommitAsync(firstSeq =>
        {
            seq = firstSeq;
            var start = new TurnStart(services.Time.GetUtcNow(), journal.Session.Model);
            placement = Mailbox.Accept(
                journal.Mailbox, rule, seq, message.Scopes, services.Options.MaxWaiting, start, trace, message.KeyId);
            return placement.Problem is null ? Commit(placement, state, seq, message) : null;
        });

        return outcome switch
        {
            AppendOutcome.Written when placement!.Problem is { } problem => new AcceptedMessage(SendResult.Refused(problem)),
            AppendOutcome.Written => new AcceptedMessage(
                new SendResult { TurnId = placement!.TurnId, MessageId = state.Id, Seq = seq }, placement, state),
            AppendOutcome.DuplicateKey => new AcceptedMessage((await FindEarlierAsync(message.Idempotency, cancellationToken))
                ?? SendResult.Refused(SessionProblems.Unavailable)),
            AppendOutcome.Deleted => new AcceptedMessage(SendResult.Refused(SessionProblems.NotFound)),
            _ => new AcceptedMessage(SendResult.Refused(SessionProblems.Unavailable)),
        };
    }

    private OverlapRule RuleOf(SendMessage message) => message.Overlap ?? journal.Session.Overlap ?? OverlapRule.Enqueue;

    private JournalCommit Commit(MailboxPlacement placement, MessageState state, long seq, SendMessage message)
    {
        var key = message.Idempotency;
        var now = services.Time.GetUtcNow();
        var mailbox = message.DeliveryId is null ? placement.Mailbox : Mailbox.Remember(placement.Mailbox, new DeliveryState
        {
            Id = message.DeliveryId,
            TurnId = placement.TurnId,
            MessageId = state.Id,
            Seq = seq,
            At = now.ToUnixTimeMilliseconds(),
        });
        List<JournalEntry> entries =
        [
            new JournalEntry(
                SessionEventKind.Message, placement.TurnId, EventCodec.Encode(state), new MessageFrame(state.Id, state.Content)),
        ];
        if (placement.As is PlacedAs.Waiting)
        {
            var queued = new QueuedFrame();
            entries.Add(new JournalEntry(
                SessionEventKind.Frames, placement.TurnId, EventCodec.EncodeFrames([queued]), queued));
        }

        var session = journal.Session;
        return new JournalCommit
        {
            Mailbox = mailbox,
            Entries = entries,
            MessageDelta = 1,
            Outbox = SessionEvents.Tells(session.Key) ? [SessionEvents.Received(session.Key, placement.TurnId, state, seq)] : [],
            Definition = session.Title is null
                ? new SessionDefinition(TitleOf(state.Content), session.Model, session.Context)
                : null,
            Idempotency = key is null ? null : new IdempotencyState
            {
                Tenant = session.Key.Tenant.Value,
                Scope = key.Scope,
                Key = key.Key,
                Fingerprint = key.Fingerprint,
                Result = EventCodec.Encode(new AcceptedState(placement.TurnId, state.Id, seq)),
                ExpiresAt = now + IdempotencyLifetime,
            },
        };
    }

    /// <summary>How the message wants the running turn to end before it is accepted; none when it would be refused.</summary>
    public TurnEnding EndingFor(SendMessage message) =>
        Mailbox.CountWaiting(journal.Mailbox) >= services.Options.MaxWaiting ? TurnEnding.None : Mailbox.EndingOf(RuleOf(message));

    /// <summary>What became of an earlier attempt to hand over this very message.</summary>
    public SendResult? FindDelivered(string? deliveryId) =>
        deliveryId is not null && Array.Find(journal.Mailbox.Deliveries, delivery => delivery.Id == deliveryId) is { } earlier
            ? new SendResult { TurnId = earlier.TurnId, MessageId = earlier.MessageId, Seq = earlier.Seq }
            : null;

    /// <summary>What became of an earlier message under this key: the same acceptance again, or a refusal when the body differs.</summary>
    public async Task<SendResult?> FindEarlierAsync(IdempotencyKey? key, CancellationToken cancellationToken)
    {
        if (key is null) return null;
        var tenant = journal.Session.Key.Tenant;
        if (await services.Idempotency.FindAsync(tenant, key.Scope, key.Key, cancellationToken) is not { } row) return null;
        if (row.Fingerprint != key.Fingerprint || row.Result is null)
            return SendResult.Refused(Problem.Conflict(Reasons.IdempotencyMismatch, "Idempotency-Key"));
        var accepted = EventCodec.Accepted(row.Result);
        return new SendResult { TurnId = accepted.TurnId, MessageId = accepted.MessageId, Seq = accepted.Seq, Replayed = true };
    }

    /// <summary>The message's first line, cut at a whole character.</summary>
    private static string TitleOf(string content)
    {
        var line = content.AsSpan().Trim();
        var end = line.IndexOfAny('\r', '\n');
        if (end >= 0) line = line[..end].TrimEnd();
        var cut = WholeCharacters.Of(line, MaxTitleCharacters);
        var title = string.Concat(cut.TrimEnd(), cut.Length < line.Length ? "…" : "");
        // PostgreSQL's texts take no NUL, and no list should show the others.
        return title.AsSpan().ContainsAnyInRange('\0', '\u001f')
            ? string.Concat(title.Where(c => !char.IsControl(c)))
            : title;
    }
}

/// <summary>What became of a message; placement and state only when it was accepted just now.</summary>
internal sealed record AcceptedMessage(SendResult Result, MailboxPlacement? Placement = null, MessageState? Message = null);
