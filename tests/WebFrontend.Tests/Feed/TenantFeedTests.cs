using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Testing;
using OpenClaw.WebFrontend.Events;
using OpenClaw.WebFrontend.Streams;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests.Feed;

/// <summary>A tenant's events for one connection: the log, then the stream, as one.</summary>
public sealed class TenantFeedTests : IClassFixture<FeedCluster>, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly FeedCluster _cluster;
    private readonly StreamHub<TenantId, TenantEventBatch> _hub;
    private readonly TenantStreamSource _source;
    private readonly TenantFeed _feed;
    private readonly TenantId _tenant = TenantId.Parse($"t-{Guid.NewGuid():n}");
    private readonly CancellationTokenSource _left = new();
    private readonly Channel<TenantFeedItem> _items = Channel.CreateUnbounded<TenantFeedItem>();
    private Task _following = Task.CompletedTask;

    public TenantFeedTests(FeedCluster cluster)
    {
        _cluster = cluster;
        _source = new TenantStreamSource(cluster.Client);
        _hub = new StreamHub<TenantId, TenantEventBatch>(_source, TimeProvider.System, NullLogger<StreamHub<TenantId, TenantEventBatch>>.Instance);
        _feed = new TenantFeed(cluster.Client, _hub, TimeProvider.System, NullLogger<TenantFeed>.Instance);
    }

    private TestTenantLog Log => TestTenantLog.Of(new TenantEventsKey(_tenant).ToString());

    public async ValueTask DisposeAsync()
    {
        await _left.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _following);
        _left.Dispose();
        _hub.Dispose();
    }

    [Fact]
    public async Task A_connection_that_comes_back_gets_what_it_missed_and_goes_on_live()
    {
        Log.Append(Messages(1, 600));
        Follow(100);
        Assert.Equal(Enumerable.Range(101, 500), await TakeAsync(500));
        await LiveAsync();
        await AppendAsync(601);
        Assert.Equal([601], await TakeAsync(1));
    }

    [Fact]
    public async Task What_the_stream_lost_is_read_from_the_log()
    {
        Follow(0);
        await LiveAsync();
        await AppendAsync(1);
        Log.Append(Messages(2, 5));
        await AppendAsync(7);
        Assert.Equal(Enumerable.Range(1, 7), await TakeAsync(7));
    }

    [Fact]
    public async Task What_follows_on_needs_no_read()
    {
        Follow(0);
        await LiveAsync();
        await AppendAsync(1);
        Assert.Equal([1], await TakeAsync(1));
        var reads = Log.Reads;
        await AppendAsync(2);
        await AppendAsync(3);
        Assert.Equal([2, 3], await TakeAsync(2));
        Assert.Equal(reads, Log.Reads);
    }

    [Fact]
    public async Task Pieces_of_answers_are_shown_between_the_events()
    {
        Follow(0);
        await LiveAsync();
        await PublishAsync(new TenantEventBatch
        {
            Deltas = new[] { new TenantDelta { SessionId = "s", SessionSeq = 1, TurnId = "t", Content = "x", At = FakeTenantEventsGrain.At } },
        });
        Assert.Equal("x", (await NextAsync()).Delta!.Content);
        await AppendAsync(1);
        Assert.Equal([1], await TakeAsync(1));
    }

    [Fact]
    public async Task A_read_that_fails_is_made_again()
    {
        Log.Append(Messages(1, 2));
        Log.Failures = 3;
        Follow(0);
        Assert.Equal([1, 2], await TakeAsync(2));
    }

    private static TenantEvent[] Messages(long first, int count) =>
        [.. Enumerable.Range(0, count).Select(i => FakeTenantEventsGrain.Message(first + i))];

    private void Follow(long afterSeq) => _following = FollowAsync(afterSeq);

    private async Task FollowAsync(long afterSeq)
    {
        await foreach (var items in _feed.FollowAsync(_tenant, afterSeq, _left.Token))
        {
            Assert.NotEmpty(items);
            foreach (var item in items)
                Assert.True(_items.Writer.TryWrite(item));
        }
    }

    /// <summary>The subscription stands: it has rung its reader, who has read again.</summary>
    private async Task LiveAsync()
    {
        var reads = Log.Head == 0 ? 2 : 3;
        await Eventually.IsSoAsync(() => Log.Reads >= reads);
    }

    private async Task AppendAsync(long seq)
    {
        var one = FakeTenantEventsGrain.Message(seq);
        Log.Append(one);
        await PublishAsync(new TenantEventBatch { Events = new[] { one }, HeadSeq = seq });
    }

    private Task PublishAsync(TenantEventBatch batch) => _source.StreamOf(_tenant).OnNextAsync(batch);

    private async Task<TenantFeedItem> NextAsync() => await _items.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    private async Task<List<int>> TakeAsync(int count)
    {
        var seqs = new List<int>();
        while (seqs.Count < count)
            seqs.Add((int)(await NextAsync()).Event!.Seq);
        return seqs;
    }
}
