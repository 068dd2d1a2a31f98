using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Testing;
using OpenClaw.WebFrontend.Sessions;
using OpenClaw.WebFrontend.Streams;

namespace OpenClaw.WebFrontend.Tests.Feed;

/// <summary>The one subscription of a process and session: made, kept alive, repaired and given up. The hub's clock is the test's.</summary>
public sealed class SessionStreamHubTests : IClassFixture<FeedCluster>, IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly FeedCluster _cluster;
    private readonly StreamHub<SessionKey, FrameBatch> _hub;
    private readonly SessionFeed _feed;
    private readonly SessionKey _key = FeedCluster.NewKey();

    public SessionStreamHubTests(FeedCluster cluster)
    {
        _cluster = cluster;
        _hub = new StreamHub<SessionKey, FrameBatch>(new SessionStreamSource(cluster.Client), _time, NullLogger<StreamHub<SessionKey, FrameBatch>>.Instance);
        _feed = new SessionFeed(cluster.Client, _hub, TimeProvider.System, NullLogger<SessionFeed>.Instance);
    }

    private TestSessionLog Log => TestSessionLog.Find(_key.ToString())!;

    public void Dispose() => _hub.Dispose();

    [Fact]
    public async Task Many_connections_share_one_subscription()
    {
        var readers = Enumerable.Range(0, 20).Select(_ => Follow()).ToList();
        await Log.ReadsReachAsync(21);
        Assert.Single(await _cluster.SubscriptionsAsync(_key));
        Assert.Equal(1, _hub.Count);
        await _cluster.Session(_key).Append(Frames.Text(1));
        foreach (var reader in readers)
        {
            Assert.Equal([1], await reader.TakeSeqsAsync(1));
            await reader.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_lease_is_renewed_every_ten_seconds()
    {
        await using var reader = await FollowLiveAsync();
        await Log.WatchesReachAsync(1);
        await PassAsync(StreamTimes.RenewInterval + StreamTimes.Tick);
        await Log.WatchesReachAsync(2);
    }

    [Fact]
    public async Task A_subscription_outlives_its_last_reader_for_a_moment_only()
    {
        var reader = await FollowLiveAsync();
        await reader.DisposeAsync();
        await PassAsync(StreamTimes.EmptyGrace - StreamTimes.Tick);
        Assert.Equal(1, _hub.Count);
        Assert.Single(await _cluster.SubscriptionsAsync(_key));
        await PassAsync(2 * StreamTimes.Tick);
        await Eventually.IsSoAsync(async () => _hub.Count == 0 && (await _cluster.SubscriptionsAsync(_key)).Count == 0);
    }

    [Fact]
    public async Task A_reader_that_comes_back_at_once_finds_the_subscription()
    {
        var first = await FollowLiveAsync();
        var subscription = Assert.Single(await _cluster.SubscriptionsAsync(_key)).HandleId;
        await first.DisposeAsync();
        await using var second = Follow();
        await Log.ReadsReachAsync(3);
        await PassAsync(StreamTimes.EmptyGrace + StreamTimes.Tick);
        await _cluster.Session(_key).Append(Frames.Text(1));
        Assert.Equal([1], await second.TakeSeqsAsync(1));
        Assert.Equal(subscription, Assert.Single(await _cluster.SubscriptionsAsync(_key)).HandleId);
    }

    [Fact]
    public async Task A_subscription_that_died_silently_is_found_out_and_made_anew()
    {
        await using var reader = await FollowLiveAsync();
        var dead = Assert.Single(await _cluster.SubscriptionsAsync(_key));
        await dead.UnsubscribeAsync();
        await _cluster.Session(_key).Append(Frames.Text(1, 2));

        await PassAsync(StreamTimes.RenewInterval + StreamTimes.Tick);
        Assert.Equal([1, 2], await reader.TakeSeqsAsync(2));
        await Log.WatchesReachAsync(2);

        await PassAsync(StreamTimes.ArrivalGrace + StreamTimes.Tick);
        await Log.WatchesReachAsync(3);
        await Eventually.IsSoAsync(async () => (await _cluster.SubscriptionsAsync(_key)).Any(handle => handle.HandleId != dead.HandleId));
        await _cluster.Session(_key).Append(Frames.Text(3));
        Assert.Equal([3], await reader.TakeSeqsAsync(1));
    }

    [Fact]
    public async Task A_stream_that_falls_silent_in_a_turn_is_looked_after_within_seconds()
    {
        await using var reader = await FollowLiveAsync();
        await _cluster.Session(_key).Append(Frames.Text(1));
        Assert.Equal([1], await reader.TakeSeqsAsync(1));
        await _cluster.Session(_key).AppendUnpublished(Frames.Done(2));
        await PassAsync(StreamTimes.FirstSilence + StreamTimes.Tick);
        Assert.Equal([2], await reader.TakeSeqsAsync(1));
    }

    [Fact]
    public async Task A_session_removed_behind_the_streams_back_ends_its_readers_with_the_next_renewal()
    {
        await using var reader = await FollowLiveAsync();
        await _cluster.Session(_key).Remove(publish: false);
        await PassAsync(StreamTimes.RenewInterval + StreamTimes.Tick);
        Assert.Empty(await reader.ToEndAsync());
    }

    [Fact]
    public async Task A_hub_without_sessions_has_no_timer()
    {
        var reader = await FollowLiveAsync();
        await reader.DisposeAsync();
        await PassAsync(StreamTimes.EmptyGrace + StreamTimes.Tick);
        await Eventually.IsSoAsync(() => _hub.Count == 0);
        await PassAsync(StreamTimes.Tick);
        Assert.False(_hub.IsTicking);
        await using var next = Follow();
        Assert.True(_hub.IsTicking);
    }

    /// <summary>Lets time pass, but not behind the hub's back: a tick that finds a watch still at work leaves it to the next one.</summary>
    private async Task PassAsync(TimeSpan time)
    {
        await Eventually.IsSoAsync(() => _hub.IsIdle);
        _time.Advance(time);
    }

    private Follower Follow() => new(left => _feed.FollowSessionAsync(_key, 0, left));

    private async Task<Follower> FollowLiveAsync()
    {
        var follower = Follow();
        await Log.ReadsReachAsync(2);
        return follower;
    }
}
