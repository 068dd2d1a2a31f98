using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Sessions.Journal;

/// <summary>Answers reads from a cursor: from the tail when it reaches back far enough, else from the log.</summary>
internal sealed class FrameReader(ISessionLog log, TimeProvider time, SessionJournal journal)
{
    private const int MaxFrames = 1000;
    private const int MaxWaitMilliseconds = 1000;

    /// <summary>Rows read at once when a reader is far behind; the log stops earlier at 1 MiB.</summary>
    private const int MaxRows = 256;

    public async Task<FrameBatch> ReadAsync(FrameCursor cursor, CancellationToken cancellationToken)
    {
        var tail = journal.Tail;
        if (cursor.AfterSeq < tail.Floor) return await ReadLogAsync(cursor, cancellationToken);

        var frames = new List<SessionFrame>();
        var max = Math.Clamp(cursor.MaxFrames, 1, MaxFrames);
        var (through, ended) = tail.Copy(cursor.AfterSeq, cursor.TurnId, max, frames);
        if (frames.Count == 0 && !ended && journal.End is null && !IsOver(cursor.TurnId) && cursor.WaitMilliseconds > 0)
        {
            await WaitAsync(Math.Min(cursor.WaitMilliseconds, MaxWaitMilliseconds), cancellationToken);
            // Another reader's end can have pushed the floor above this cursor while it waited.
            if (through < tail.Floor && journal.End is null) return await ReadLogAsync(cursor with { AfterSeq = through }, cancellationToken);
            (through, ended) = tail.Copy(through, cursor.TurnId, max, frames);
        }

        // An activation that was overtaken, and does not know it yet, has never heard of a turn that runs elsewhere.
        var isOver = frames.Count == 0 && !ended && IsOver(cursor.TurnId);
        if (isOver) await journal.VerifyAsync(cancellationToken);
        if (journal.End is JournalEnd.Deleted) return FrameBatch.Gone;
        // Whoever asked for the turn has all of it now; anyone else finds it in the log.
        if (ended && journal.Mailbox.Running is null) tail.TrimThrough(journal.Session.Head);
        return new FrameBatch
        {
            Frames = frames,
            ThroughSeq = through,
            HeadSeq = tail.Head,
            Status = ended || (isOver && journal.End is null) ? FrameBatchStatus.TurnEnded : FrameBatchStatus.Open,
        };
    }

    private async Task<FrameBatch> ReadLogAsync(FrameCursor cursor, CancellationToken cancellationToken)
    {
        var rows = await log.ReadAsync(journal.Session.Key, cursor.AfterSeq, MaxRows, cancellationToken);
        var decoded = new List<SessionFrame>();
        foreach (var row in rows) EventCodec.Decode(row, decoded);

        var max = Math.Clamp(cursor.MaxFrames, 1, MaxFrames);
        var frames = new List<SessionFrame>();
        var through = cursor.AfterSeq;
        var ended = false;
        foreach (var frame in decoded)
        {
            if (frame.Seq <= cursor.AfterSeq) continue;
            if (frames.Count == max || ended) break;
            through = frame.Seq;
            if (cursor.TurnId is not null && frame.TurnId != cursor.TurnId) continue;
            frames.Add(frame);
            ended = cursor.TurnId is not null && frame.Frame is DoneFrame or ErrorFrame;
        }

        // Nothing was found below the floor: what is missing is in the tail, or was never there.
        if (decoded.Count == 0) through = Math.Max(through, journal.Tail.Floor);
        return new FrameBatch
        {
            Frames = frames,
            ThroughSeq = through,
            HeadSeq = journal.Tail.Head,
            Status = ended ? FrameBatchStatus.TurnEnded : FrameBatchStatus.Open,
        };
    }

    /// <summary>The turn asked for neither runs nor waits: no more of it will come.</summary>
    private bool IsOver(string? turnId) => turnId is not null && !Mailbox.Holds(journal.Mailbox, turnId);

    private async Task WaitAsync(int milliseconds, CancellationToken cancellationToken)
    {
        try
        {
            await journal.Tail.WaitAsync().WaitAsync(TimeSpan.FromMilliseconds(milliseconds), time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // The heartbeat: an empty batch.
        }
    }
}
