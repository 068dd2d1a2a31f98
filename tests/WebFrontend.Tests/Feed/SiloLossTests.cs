using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Streaming;
using OpenClaw.WebFrontend.Sessions;
using OpenClaw.WebFrontend.Streams;
using Orleans.Configuration;
using Orleans.Streams;

namespace OpenClaw.WebFrontend.Tests.Feed;

/// <summary>A silo dies and takes along a stream's queue, and perhaps the session. Has a cluster of its own to break.</summary>
[Trait("Category", "Slow")]
public sealed class SiloLossTests(FeedCluster cluster, ITestOutputHelper output) : IClassFixture<FeedCluster>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Watchers_see_the_next_message_after_the_silo_with_the_queue_has_died()
    {
        var key = FeedCluster.NewKey();
        using var hub = new StreamHub<SessionKey, FrameBatch>(new SessionStreamSource(cluster.Client), TimeProvider.System, NullLogger<StreamHub<SessionKey, FrameBatch>>.Instance);
        var feed = new SessionFeed(cluster.Client, hub, TimeProvider.System, NullLogger<SessionFeed>.Instance);
        await using var watcher = new Follower(left => feed.FollowSessionAsync(key, 0, left));
        await using var caller = new Follower(left => feed.FollowTurnAsync(key, "turn", 0, left));
        await TestSessionLog.Find(key.ToString())!.WatchesReachAsync(1);
        await AppendAsync(key, Frames.Text(1));
        Assert.Equal([1], await watcher.TakeSeqsAsync(1));
        Assert.Equal([1], await caller.TakeSeqsAsync(1));

        var silo = await FindSiloOfQueueAsync(key);
        await cluster.Test.KillSiloAsync(silo, TestContext.Current.CancellationToken);
        var killed = Stopwatch.GetTimestamp();

        await AppendAsync(key, Frames.Text(2));
        Assert.Equal([2], await caller.TakeSeqsAsync(1));
        var callerTime = Stopwatch.GetElapsedTime(killed);
        Assert.Equal([2], await watcher.TakeSeqsAsync(1));
        var watcherTime = Stopwatch.GetElapsedTime(killed);
        await AppendAsync(key, Frames.Done(3));
        Assert.Equal([3], await caller.ToEndAsync());
        Assert.Equal([3], await watcher.TakeSeqsAsync(1));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"after the kill: caller {callerTime.TotalSeconds:F1} s, watcher {watcherTime.TotalSeconds:F1} s"));
    }

    private async Task<Orleans.TestingHost.InProcessSiloHandle> FindSiloOfQueueAsync(SessionKey key)
    {
        var queue = new HashRingBasedStreamQueueMapper(new HashRingStreamQueueMapperOptions(), SessionStreams.Provider)
            .GetQueueForStream(StreamId.Create(SessionStreams.Namespace, key.ToString()));
        var grain = cluster.Client.GetGrain<IStreamQueueGrain>($"{SessionStreams.Provider}/{queue.GetNumericId()}");
        var address = await cluster.Client.GetGrain<IManagementGrain>(0).GetActivationAddress(grain);
        return cluster.Test.GetSiloForAddress(address!)!;
    }

    /// <summary>Appends once the session can be reached again: until its silo is known to be dead, calls fail.</summary>
    private async Task AppendAsync(SessionKey key, SessionFrame[] frames)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            try
            {
                await cluster.Session(key).Append(frames);
                return;
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException && !patience.IsCancellationRequested)
            {
                await Task.Yield();
            }
        }
    }
}
