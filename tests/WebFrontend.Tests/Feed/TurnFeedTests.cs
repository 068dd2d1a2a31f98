using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Sessions;
using OpenClaw.WebFrontend.Streams;

namespace OpenClaw.WebFrontend.Tests.Feed;

/// <summary>The caller's direct read of a turn.</summary>
public sealed class TurnFeedTests(FeedCluster cluster) : IClassFixture<FeedCluster>, IDisposable
{
    private readonly StreamHub<SessionKey, FrameBatch> _hub = new(new SessionStreamSource(cluster.Client), TimeProvider.System, NullLogger<StreamHub<SessionKey, FrameBatch>>.Instance);
    private readonly SessionKey _key = FeedCluster.NewKey();

    private TestSessionLog Log => TestSessionLog.Find(_key.ToString())!;

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task The_turns_own_frames_come_until_it_is_done()
    {
        var session = cluster.Session(_key);
        await session.Append(Frames.Text(1, 2, "before"));
        await using var caller = Follow("turn", 2);
        await session.Append(Frames.Text(3, 2));
        Assert.Equal([3, 4], await caller.TakeSeqsAsync(2));
        await session.Append(Frames.Text(5, 1, "other"));
        await session.Append(Frames.Text(6));
        await session.Append(Frames.Done(7));
        await session.Append(Frames.Text(8, 1, "next"));
        Assert.Equal([6, 7], await caller.ToEndAsync());
    }

    [Fact]
    public async Task A_turn_that_is_over_is_replayed()
    {
        var session = cluster.Session(_key);
        await session.Append(Frames.Text(1, 600));
        await session.Append(Frames.Done(601));
        await using var caller = Follow("turn", 0);
        Assert.Equal(Frames.Seqs(1, 601), await caller.ToEndAsync());
    }

    [Fact]
    public async Task A_caller_that_has_the_end_gets_nothing_more()
    {
        await cluster.Session(_key).Append(Frames.Done(1));
        await using var caller = Follow("turn", 1);
        Assert.Empty(await caller.ToEndAsync());
    }

    [Fact]
    public async Task Silence_is_no_end()
    {
        await using var caller = Follow("turn", 0);
        await Log.ReadsReachAsync(3);
        await cluster.Session(_key).Append(Frames.Done(1));
        Assert.Equal([1], await caller.ToEndAsync());
    }

    [Fact]
    public async Task A_read_that_never_answers_is_given_up_and_made_again()
    {
        Log.HangReads(1);
        await using var caller = Follow("turn", 0);
        await Log.ReadsReachAsync(1);
        await cluster.Session(_key).Append(Frames.Done(1));
        Assert.Equal([1], await caller.ToEndAsync());
        Log.Release();
    }

    [Fact]
    public async Task Reads_that_fail_with_their_silo_are_made_again()
    {
        Log.FailReads(4);
        await cluster.Session(_key).Append(Frames.Done(1));
        await using var caller = Follow("turn", 0);
        Assert.Equal([1], await caller.ToEndAsync());
        Assert.Equal(5, Log.Reads);
    }

    [Fact]
    public async Task A_session_that_is_removed_ends_the_read()
    {
        await using var caller = Follow("turn", 0);
        await Log.ReadsReachAsync(1);
        await cluster.Session(_key).Remove(publish: false);
        Assert.Empty(await caller.ToEndAsync());
    }

    [Fact]
    public async Task A_caller_that_leaves_ends_the_read_quietly()
    {
        await using var caller = Follow("turn", 0);
        await Log.ReadsReachAsync(1);
        await caller.LeaveAsync();
        Assert.Empty(await caller.ToEndAsync());
    }

    private Follower Follow(string turnId, long afterSeq)
    {
        var feed = new SessionFeed(cluster.Client, _hub, TimeProvider.System, NullLogger<SessionFeed>.Instance);
        return new Follower(left => feed.FollowTurnAsync(_key, turnId, afterSeq, left));
    }
}
