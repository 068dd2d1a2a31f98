using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Sessions;
using OpenClaw.WebFrontend.Streams;

namespace OpenClaw.WebFrontend.Tests.Feed;

/// <summary>Everyone but the caller of a turn: the log, then the stream, as one.</summary>
public sealed class SessionFeedTests(FeedCluster cluster, ITestOutputHelper output) : IClassFixture<FeedCluster>, IDisposable
{
    private readonly StreamHub<SessionKey, FrameBatch> _hub = new(new SessionStreamSource(cluster.Client), TimeProvider.System, NullLogger<StreamHub<SessionKey, FrameBatch>>.Instance);
    private readonly SessionKey _key = FeedCluster.NewKey();

    private TestSessionLog Log => TestSessionLog.Find(_key.ToString())!;

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task A_client_that_reconnects_misses_no_frame()
    {
        var session = cluster.Session(_key);
        await session.Append(Frames.Text(1, 1_000));
        await using var reader = Follow(400);
        Assert.Equal(Frames.Seqs(401, 600), await reader.TakeSeqsAsync(600));
        await session.Append(Frames.Text(1_001, 2));
        Assert.Equal([1_001, 1_002], await reader.TakeSeqsAsync(2));
    }

    [Fact]
    public async Task Readers_that_join_while_frames_flow_get_each_once_and_in_order()
    {
        const int Total = 3_000;
        var session = cluster.Session(_key);
        var readers = new List<Follower>();
        for (var seq = 1; seq <= Total; seq += 3)
        {
            await session.Append(Frames.Text(seq, 3));
            if (seq % 300 == 1)
            {
                readers.Add(Follow(0));
            }
        }

        foreach (var reader in readers)
        {
            Assert.Equal(Frames.Seqs(1, Total), await reader.TakeSeqsAsync(Total));
            await reader.DisposeAsync();
        }
    }

    [Fact]
    public async Task Frames_that_the_stream_lost_are_read_from_the_log()
    {
        var session = cluster.Session(_key);
        await using var reader = await FollowLiveAsync(0);
        await session.Append(Frames.Text(1));
        await session.AppendUnpublished(Frames.Text(2, 300));
        await session.Append(Frames.Text(302));
        Assert.Equal(Frames.Seqs(1, 302), await reader.TakeSeqsAsync(302));
    }

    [Fact]
    public async Task The_jump_before_a_recovery_is_taken_once_and_the_stream_goes_on()
    {
        var session = cluster.Session(_key);
        await using var reader = await FollowLiveAsync(0);
        await session.Append(Frames.Text(1, 3));
        await session.Append(Frames.Recovering(65, 2));
        await session.Append(Frames.Text(66));
        Assert.Equal([1, 2, 3, 65, 66], await reader.TakeSeqsAsync(5));
        var reads = Log.Reads;
        await session.Append(Frames.Text(67, 2));
        await session.Append(Frames.Text(69));
        Assert.Equal([67, 68, 69], await reader.TakeSeqsAsync(3));
        Assert.Equal(reads, Log.Reads);
    }

    [Fact]
    public async Task What_the_log_lost_with_a_silo_is_not_shown_after_a_gap()
    {
        var session = cluster.Session(_key);
        await using var reader = await FollowLiveAsync(0);
        await session.Append(Frames.Text(1));
        await session.PublishOnly(Frames.Text(5, 2));
        await session.Append(Frames.Recovering(65, 2));
        Assert.Equal([1, 65], await reader.TakeSeqsAsync(2));
        Assert.Equal(0, reader.Waiting);
    }

    [Fact]
    public async Task A_slow_reader_gets_every_frame_when_it_comes_back()
    {
        var session = cluster.Session(_key);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var fast = await FollowLiveAsync(0);
        await using var slow = new Follower(left => Hesitate(Feed().FollowSessionAsync(_key, 0, left), release.Task));
        await session.Append(Frames.Text(1));
        for (var seq = 2; seq <= 2_000; seq++)
        {
            await session.Append(Frames.Text(seq));
        }

        Assert.Equal(Frames.Seqs(1, 2_000), await fast.TakeSeqsAsync(2_000));
        release.SetResult();
        Assert.Equal(Frames.Seqs(1, 2_000), await slow.TakeSeqsAsync(2_000));
    }

    [Fact]
    public async Task A_removed_session_ends_its_readers()
    {
        await using var reader = await FollowLiveAsync(0);
        await cluster.Session(_key).Append(Frames.Text(1));
        await reader.TakeSeqsAsync(1);
        await cluster.Session(_key).Remove(publish: true);
        Assert.Empty(await reader.ToEndAsync());
    }

    [Fact]
    public async Task A_session_that_never_was_ends_its_readers()
    {
        await cluster.Session(_key).Remove(publish: false);
        await using var reader = Follow(0);
        Assert.Empty(await reader.ToEndAsync());
    }

    [Fact]
    public async Task A_reader_that_leaves_ends_quietly()
    {
        await using var reader = await FollowLiveAsync(0);
        await reader.LeaveAsync();
        Assert.Equal(0, reader.Waiting);
    }

    [Fact]
    public async Task Nothing_but_the_hub_has_to_keep_a_subscription_alive()
    {
        await using var reader = await FollowLiveAsync(0);
        var reads = Log.Reads;
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        await cluster.Session(_key).Append(Frames.Text(1));
        Assert.Equal([1], await reader.TakeSeqsAsync(1));
        Assert.Equal(reads, Log.Reads);
    }

    [Fact]
    public async Task A_frame_reaches_a_watcher_through_the_stream()
    {
        var session = cluster.Session(_key);
        await using var reader = await FollowLiveAsync(0);
        var times = new List<double>();
        for (var seq = 1; seq <= 500; seq++)
        {
            var started = Stopwatch.GetTimestamp();
            await session.Append(Frames.Text(seq));
            Assert.Equal([seq], await reader.TakeSeqsAsync(1));
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        times.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"append to watcher: p50 {times[times.Count / 2]:F2} ms, p99 {times[times.Count * 99 / 100]:F2} ms"));
    }

    private static async IAsyncEnumerable<IReadOnlyList<SessionFrame>> Hesitate(IAsyncEnumerable<IReadOnlyList<SessionFrame>> feed, Task release)
    {
        await foreach (var frames in feed)
        {
            yield return frames;
            await release;
        }
    }

    private SessionFeed Feed() => new(cluster.Client, _hub, TimeProvider.System, NullLogger<SessionFeed>.Instance);

    private Follower Follow(long afterSeq) => new(left => Feed().FollowSessionAsync(_key, afterSeq, left));

    /// <summary>A follower that has read the log after its subscription stood: what is appended next comes through the stream.</summary>
    private async Task<Follower> FollowLiveAsync(long afterSeq)
    {
        var follower = Follow(afterSeq);
        await Log.ReadsReachAsync(2);
        return follower;
    }
}
