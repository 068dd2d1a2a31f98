using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Sessions;

namespace OpenClaw.WebFrontend.Tests.Feed;

public sealed class SessionFeedMergeTests
{
    [Fact]
    public void What_was_seen_is_not_given_again()
    {
        var merge = new SessionFeedMerge(2);
        Assert.Equal([3, 4], Seqs(merge.TakeRead(Batch(4, 1, 2, 3, 4))));
        Assert.True(merge.TryTakeLive(Batch(5, 3, 4, 5), out var live));
        Assert.Equal([5], Seqs(live));
        Assert.True(merge.TryTakeLive(Batch(5, 4, 5), out live));
        Assert.Empty(live);
    }

    [Fact]
    public void A_read_is_taken_as_it_is_and_moves_on_over_what_it_left_out()
    {
        var merge = new SessionFeedMerge(0);
        Assert.Equal([3, 65], Seqs(merge.TakeRead(Batch(70, 3, 65))));
        Assert.Equal(70, merge.Seq);
        Assert.Empty(merge.TakeRead(Batch(80)));
        Assert.Equal(80, merge.Seq);
    }

    [Theory]
    [InlineData(new long[] { 2 })]
    [InlineData(new long[] { 1, 3 })]
    [InlineData(new long[] { 1, 2, 65 })]
    public void A_batch_of_the_stream_with_a_gap_takes_nothing(long[] seqs)
    {
        var merge = new SessionFeedMerge(0);
        Assert.False(merge.TryTakeLive(Batch(seqs[^1], seqs), out _));
        Assert.Equal(0, merge.Seq);
    }

    [Fact]
    public void A_batch_that_follows_on_is_given_as_it_came()
    {
        var batch = Batch(2, 1, 2);
        Assert.True(new SessionFeedMerge(0).TryTakeLive(batch, out var frames));
        Assert.Same(batch.Frames, frames);
    }

    private static FrameBatch Batch(long through, params long[] seqs) => new()
    {
        Frames = seqs.Select(seq => new SessionFrame(seq, "turn", new TextFrame("x"))).ToArray(),
        ThroughSeq = through,
        HeadSeq = through,
    };

    private static IEnumerable<long> Seqs(IReadOnlyList<SessionFrame> frames) => frames.Select(frame => frame.Seq);
}
