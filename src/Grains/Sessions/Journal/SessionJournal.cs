using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Storage;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Sessions.Journal;

/// <summary>
/// The writing side of one session's log. Numbers frames, publishes them, and writes them in ranges; checkpoints are
/// durable before anyone sees them. Used from the activation's own scheduler only.
/// </summary>
/// <remarks>
/// Invariants: a seq is published once and never reused, because no frame leaves above the reserved block; the frames
/// of a checkpoint are published after its commit, and what is emitted meanwhile waits for a number behind it, so seqs
/// rise by one even when the checkpoint fails.
/// </remarks>
internal sealed class SessionJournal
{
    /// <summary>Seqs reserved ahead of the head while a turn runs. A crash costs a jump of at most this many.</summary>
    public const int ReservedBlock = 4096;

    /// <summary>Text that is written without waiting for the flush interval, in characters.</summary>
    private const int FlushCharacters = 1024;

    /// <summary>A published frame is written at the latest this much later.</summary>
    private static readonly TimeSpan FlushInterval = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan[] RetryDelays =
        [TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)];

    private readonly ISessionLog _log;
    private readonly TimeProvider _time;
    private readonly long _epoch;
    private Task _lastCommit = Task.CompletedTask;
    private List<SessionFrame> _unwritten = [];
    private List<(string TurnId, Frame Frame)>? _held;
    private long _nextSeq;
    private int _unwrittenCharacters;
    private bool _barrier;
    private bool _flushing;
    private bool _flushScheduled;

    public SessionJournal(ISessionLog log, TimeProvider time, SessionState session, MailboxState mailbox)
    {
        _log = log;
        _time = time;
        _epoch = session.Epoch + 1;
        Session = session with { Mailbox = null };
        Mailbox = mailbox;
        // A turn that runs in the row was cut, unless it waits for an approval: frames above the head may have been seen, so their seqs are gone.
        _nextSeq = (mailbox.Running is null ? session.Head : session.Reserved) + 1;
        Tail.Reset(session.Head);
    }

    /// <summary>The row as last written.</summary>
    public SessionState Session { get; private set; }

    /// <summary>The mailbox as last written.</summary>
    public MailboxState Mailbox { get; private set; }

    public FrameTail Tail { get; } = new();

    /// <summary>Why nothing can be written any more, or null.</summary>
    public JournalEnd? End { get; private set; }

    /// <summary>Called once, when <see cref="End"/> is set.</summary>
    public Action? Ended { get; set; }

    /// <summary>Called for each published frame.</summary>
    public Action<SessionFrame>? Published { get; set; }

    /// <summary>Called with what was written to the outbox.</summary>
    public Action<IReadOnlyList<OutboxEntry>>? Told { get; set; }

    /// <summary>Publishes a frame now; it is written with its range, at the latest by the next <see cref="FlushAsync"/> or checkpoint.</summary>
    public void Emit(string turnId, Frame frame)
    {
        if (End is not null) return;
        if (_barrier || _held is { Count: > 0 } || _nextSeq > Session.Reserved)
        {
            (_held ??= []).Add((turnId, frame));
            if (!_barrier) StartFlush();
            return;
        }

        PublishUnwritten(turnId, frame);
        Tail.Ring();
        if (_unwrittenCharacters >= FlushCharacters)
        {
            StartFlush();
        }
        else if (!_flushScheduled)
        {
            _flushScheduled = true;
            _ = FlushLaterAsync();
        }
    }

    /// <summary>Writes what has been published, and waits for what another write has taken along.</summary>
    public async Task FlushAsync()
    {
        if (_unwritten.Count == 0 && _held is not { Count: > 0 }) await _lastCommit;
        else await CommitAsync(_ => new JournalCommit { Mailbox = Mailbox });
    }

    /// <summary>Writes a checkpoint together with everything published before it.</summary>
    /// <param name="draft">
    /// Called once this commit is the only one under way, with the seq that its first frame will have; null means that
    /// there is nothing to commit.
    /// </param>
    /// <exception cref="StorageUnavailableException">
    /// The database did not take it, after retries. Whether it was written is unknown: the journal has ended.
    /// </exception>
    public async Task<AppendOutcome> CommitAsync(Func<long, JournalCommit?> draft)
    {
        var place = await QueueAsync();
        try
        {
            if (End is { } end) return end is JournalEnd.Deleted ? AppendOutcome.Deleted : AppendOutcome.Fenced;
            var held = _held;
            _held = null;
            var firstSeq = _nextSeq + (held?.Count ?? 0);
            var commit = draft(firstSeq);
            if (commit is null)
            {
                _held = held;
                return AppendOutcome.Written;
            }

            return await AppendAsync(commit, held, firstSeq);
        }
        finally
        {
            place.SetResult();
        }
    }

    /// <summary>
    /// Looks whether this is still the session: ends the journal when another activation has written, as an append would,
    /// or when the session is gone.
    /// </summary>
    /// <exception cref="StorageUnavailableException">The database did not answer. Nothing has changed.</exception>
    public async Task VerifyAsync(CancellationToken cancellationToken)
    {
        var place = await QueueAsync();
        try
        {
            if (End is not null) return;
            if (await _log.FindAsync(Session.Key, cancellationToken) is not { } row) Stop(JournalEnd.Deleted);
            else if (row.Epoch != Session.Epoch || row.Revision != Session.Revision) Stop(JournalEnd.Fenced);
        }
        finally
        {
            place.SetResult();
        }
    }

    /// <summary>Nothing is written any more.</summary>
    public void Stop(JournalEnd end)
    {
        if (End is not null) return;
        End = end;
        _held = null;
        Ended?.Invoke();
        Tail.Ring();
    }

    /// <summary>Waits until nothing else is under way at the database; the next one waits until the result is set.</summary>
    private async ValueTask<TaskCompletionSource> QueueAsync()
    {
        var previous = _lastCommit;
        var current = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _lastCommit = current.Task;
        await previous;
        return current;
    }

    private async Task<AppendOutcome> AppendAsync(JournalCommit commit, List<(string, Frame)>? held, long firstSeq)
    {
        var unwritten = _unwritten;
        var unwrittenCharacters = _unwrittenCharacters;
        _unwritten = [];
        _unwrittenCharacters = 0;

        // Held frames get their numbers now; they become visible with the commit that reserves their seqs.
        var fresh = new List<SessionFrame>((held?.Count ?? 0) + commit.Entries.Count);
        foreach (var (turnId, frame) in held ?? []) fresh.Add(new SessionFrame(_nextSeq + fresh.Count, turnId, frame));

        var at = _time.GetUtcNow();
        var events = new List<SessionEventState>();
        AddRanges(events, unwritten, at);
        AddRanges(events, fresh, at);
        var seq = firstSeq;
        foreach (var entry in commit.Entries)
        {
            events.Add(new SessionEventState(
                seq, seq + entry.Frames.Count - 1, entry.TurnId, entry.Kind, entry.Payload, at));
            foreach (var frame in entry.Frames) fresh.Add(new SessionFrame(seq++, entry.TurnId, frame));
        }

        var head = events.Count > 0 ? events[^1].SeqTo : Session.Head;
        var running = ApprovalRules.HasWork(commit.Mailbox);
        var append = new SessionAppend
        {
            Key = Session.Key,
            AppendId = Guid.NewGuid(),
            ExpectedEpoch = Session.Epoch,
            ExpectedRevision = Session.Revision,
            Epoch = _epoch,
            Head = head,
            Reserved = running ? head + ReservedBlock : head,
            RunState = running ? SessionRunState.Running
                : commit.Mailbox.Running is not null ? SessionRunState.Waiting
                : Session.RunState is SessionRunState.Created && head == 0 ? SessionRunState.Created : SessionRunState.Idle,
            Mailbox = MailboxCodec.Encode(commit.Mailbox),
            Definition = commit.Definition,
            MessageDelta = commit.MessageDelta,
            Usage = commit.Usage,
            At = at,
            Events = events,
            Undo = commit.Undo,
            Idempotency = commit.Idempotency,
            Outbox = commit.Outbox,
        };

        _barrier = fresh.Count > 0;
        AppendOutcome outcome;
        try
        {
            outcome = await AppendWithRetriesAsync(append);
        }
        catch
        {
            Stop(JournalEnd.Broken);
            throw;
        }
        finally
        {
            _barrier = false;
        }

        switch (outcome)
        {
            case AppendOutcome.Written:
                Apply(append, commit);
                SessionMetrics.Frames.Add(events.Sum(static entry => entry.SeqTo - entry.SeqFrom + 1));
                foreach (var frame in fresh) Publish(frame);
                _nextSeq = Math.Max(_nextSeq, head + 1);
                PublishHeld();
                if (fresh.Count > 0) Tail.Ring();
                if (commit.Outbox.Count > 0) Told?.Invoke(commit.Outbox);
                break;
            case AppendOutcome.DuplicateKey:
                unwritten.AddRange(_unwritten);
                _unwritten = unwritten;
                _unwrittenCharacters += unwrittenCharacters;
                if (held is not null) _held = [.. held, .. _held ?? []];
                PublishHeld();
                break;
            case AppendOutcome.Deleted:
                Stop(JournalEnd.Deleted);
                break;
            default:
                Stop(JournalEnd.Fenced);
                break;
        }

        return outcome;
    }

    private async Task<AppendOutcome> AppendWithRetriesAsync(SessionAppend append)
    {
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await _log.AppendAsync(append, CancellationToken.None);
            }
            catch (StorageUnavailableException) when (attempt < RetryDelays.Length)
            {
                // The append keeps its id, so one that did happen is not written twice.
                await Task.Delay(RetryDelays[attempt], _time);
            }
        }
    }

    private void Apply(SessionAppend append, JournalCommit commit)
    {
        Mailbox = commit.Mailbox;
        Session = Session with
        {
            Epoch = append.Epoch,
            Revision = append.ExpectedRevision + 1,
            Head = append.Head,
            Reserved = append.Reserved,
            RunState = append.RunState,
            Mailbox = null,
            Title = append.Definition?.Title ?? Session.Title,
            Model = append.Definition?.Model ?? Session.Model,
            Context = append.Definition is { } definition ? definition.Context : Session.Context,
            MessageCount = Session.MessageCount + append.MessageDelta,
            InputTokens = Session.InputTokens + (append.Usage?.InputTokens ?? 0),
            OutputTokens = Session.OutputTokens + (append.Usage?.OutputTokens ?? 0),
            UpdatedAt = append.At,
        };
    }

    private void PublishHeld()
    {
        while (_held is { Count: > 0 } held && _nextSeq <= Session.Reserved)
        {
            var (turnId, frame) = held[0];
            held.RemoveAt(0);
            PublishUnwritten(turnId, frame);
            if (held.Count == 0) Tail.Ring();
        }
    }

    private void PublishUnwritten(string turnId, Frame frame)
    {
        var numbered = new SessionFrame(_nextSeq++, turnId, frame);
        _unwritten.Add(numbered);
        _unwrittenCharacters += frame is TextFrame text ? text.Content.Length : frame is CodeFrame code ? code.Content.Length : 0;
        Publish(numbered);
    }

    private void Publish(SessionFrame frame)
    {
        Tail.Append(frame, Session.Head);
        Published?.Invoke(frame);
    }

    private void StartFlush()
    {
        if (_flushing) return;
        _flushing = true;
        _ = FlushInBackgroundAsync();
    }

    private async Task FlushLaterAsync()
    {
        await Task.Delay(FlushInterval, _time);
        _flushScheduled = false;
        StartFlush();
    }

    private async Task FlushInBackgroundAsync()
    {
        try
        {
            await FlushAsync();
        }
        catch (StorageUnavailableException)
        {
            // The journal has ended and its owner was told through Ended; there is nobody else to tell.
            _unwritten.Clear();
        }
        finally
        {
            _flushing = false;
        }
    }

    private static void AddRanges(List<SessionEventState> events, List<SessionFrame> frames, DateTimeOffset at)
    {
        for (var from = 0; from < frames.Count;)
        {
            var turnId = frames[from].TurnId;
            var bodies = new List<Frame>();
            var to = from;
            for (; to < frames.Count && frames[to].TurnId == turnId; to++) bodies.Add(frames[to].Frame);
            events.Add(new SessionEventState(
                frames[from].Seq, frames[to - 1].Seq, turnId, SessionEventKind.Frames, EventCodec.EncodeFrames(bodies), at));
            from = to;
        }
    }
}
