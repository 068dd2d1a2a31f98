using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>
/// Puts together what a connection gets from the log and from the stream: every frame once, in the order of its seq.
/// </summary>
/// <param name="afterSeq">The last frame that the connection has.</param>
/// <remarks>
/// The log is the truth, so what a read answers is taken as it is, jumps included: a turn that goes on after a crash
/// leaves one. What the stream brings is taken only when it follows on.
/// </remarks>
internal sealed class SessionFeedMerge(long afterSeq)
{
    /// <summary>Everything up to this seq was given to the connection or passed over.</summary>
    public long Seq { get; private set; } = afterSeq;

    /// <summary>What is new in a read of the log.</summary>
    public IReadOnlyList<SessionFrame> TakeRead(FrameBatch batch)
    {
        var frames = SkipSeen(batch.Frames);
        Seq = Math.Max(Seq, batch.ThroughSeq);
        if (frames.Count > 0)
        {
            Seq = Math.Max(Seq, frames[^1].Seq);
        }

        return frames;
    }

    /// <summary>What is new in a batch of the stream. False when frames are missing before or within it, and nothing was taken.</summary>
    public bool TryTakeLive(FrameBatch batch, out IReadOnlyList<SessionFrame> frames)
    {
        frames = SkipSeen(batch.Frames);
        for (var i = 0; i < frames.Count; i++)
        {
            if (frames[i].Seq != Seq + 1 + i)
            {
                return false;
            }
        }

        Seq += frames.Count;
        return true;
    }

    private IReadOnlyList<SessionFrame> SkipSeen(IReadOnlyList<SessionFrame> frames)
    {
        var seen = 0;
        while (seen < frames.Count && frames[seen].Seq <= Seq)
        {
            seen++;
        }

        return seen switch
        {
            0 => frames,
            _ when seen == frames.Count => [],
            _ => frames.Skip(seen).ToArray(),
        };
    }
}
