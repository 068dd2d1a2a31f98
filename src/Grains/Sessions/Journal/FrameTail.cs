using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.Grains.Sessions.Journal;

/// <summary>
/// The newest frames, kept for readers that are nearly up to date; whoever is further behind reads the log. Used from
/// the activation's own scheduler only.
/// </summary>
internal sealed class FrameTail
{
    /// <summary>About a page of text: beyond it the oldest frames that are in the log are dropped.</summary>
    private const int MaxCharacters = 256 * 1024;

    private readonly Queue<SessionFrame> _frames = new();
    private TaskCompletionSource? _arrival;
    private int _characters;

    /// <summary>Seq of the last published frame.</summary>
    public long Head { get; private set; }

    /// <summary>Frames up to this one are not here any more.</summary>
    public long Floor { get; private set; }

    public void Reset(long head)
    {
        _frames.Clear();
        _characters = 0;
        Head = Floor = head;
    }

    /// <summary>Publishes a frame; a jump over seqs that no frame has moves the floor of nothing.</summary>
    public void Append(SessionFrame frame, long durableHead)
    {
        _frames.Enqueue(frame);
        _characters += Length(frame.Frame);
        Head = frame.Seq;
        while (_characters > MaxCharacters && _frames.TryPeek(out var oldest) && oldest.Seq <= durableHead) Drop();
    }

    /// <summary>Wakes whoever waits for a frame.</summary>
    public void Ring()
    {
        var arrival = _arrival;
        _arrival = null;
        arrival?.TrySetResult();
    }

    /// <summary>Lets go of every frame up to a seq.</summary>
    public void TrimThrough(long seq)
    {
        while (_frames.TryPeek(out var oldest) && oldest.Seq <= seq) Drop();
        if (_frames.Count == 0) _frames.TrimExcess();
    }

    /// <summary>Copies frames above a seq (which must not lie below <see cref="Floor"/>).</summary>
    /// <returns>The cursor for the next read, and whether the turn asked for ended.</returns>
    public (long Through, bool Ended) Copy(long afterSeq, string? turnId, int max, List<SessionFrame> into)
    {
        var through = afterSeq;
        foreach (var frame in _frames)
        {
            if (frame.Seq <= afterSeq) continue;
            if (into.Count == max) return (through, false);
            through = frame.Seq;
            if (turnId is null)
            {
                into.Add(frame);
            }
            else if (frame.TurnId == turnId)
            {
                into.Add(frame);
                if (frame.Frame is DoneFrame or ErrorFrame) return (through, true);
            }
        }

        return (Math.Max(through, Head), false);
    }

    /// <summary>Completes at the next <see cref="Ring"/>.</summary>
    public Task WaitAsync() =>
        (_arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    private void Drop()
    {
        var frame = _frames.Dequeue();
        _characters -= Length(frame.Frame);
        Floor = frame.Seq;
    }

    private static int Length(Frame frame) => 64 + frame switch
    {
        TextFrame text => text.Content.Length,
        CodeFrame code => code.Content.Length,
        MessageFrame message => message.Content.Length,
        ActionFrame action => action.Action.Fields.Utf8.Length,
        ApprovalFrame approval => approval.Arguments.Utf8.Length,
        _ => 0,
    };
}
