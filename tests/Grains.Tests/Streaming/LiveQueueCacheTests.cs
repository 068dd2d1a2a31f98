using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Streaming;
using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace OpenClaw.Grains.Tests.Streaming;

public sealed class LiveQueueCacheTests
{
    private static readonly StreamId First = StreamId.Create("session", "first");
    private static readonly StreamId Second = StreamId.Create("session", "second");

    private readonly FakeTimeProvider _time = new();
    private readonly LiveQueueCache _cache;
    private long _token;

    public LiveQueueCacheTests() => _cache = new LiveQueueCache(_time);

    [Fact]
    public void A_consumer_gets_its_own_stream_in_order()
    {
        using var cursor = _cache.GetCacheCursor(First, null);
        Add((First, "a"), (Second, "x"), (First, "b"));
        Add((First, "c"));
        Assert.Equal(["a", "b", "c"], Drain(cursor));
        Assert.Empty(Drain(cursor));
    }

    [Fact]
    public void A_consumer_without_a_token_gets_only_what_comes_after_it()
    {
        Add((First, "a"));
        using var cursor = _cache.GetCacheCursor(First, null);
        Add((First, "b"));
        Assert.Equal(["b"], Drain(cursor));
    }

    [Fact]
    public void A_consumer_that_was_being_registered_gets_what_came_meanwhile()
    {
        Add((First, "a"));
        var token = Add((First, "b"));
        Add((First, "c"));
        using var cursor = _cache.GetCacheCursor(First, token);
        Assert.Equal(["b", "c"], Drain(cursor));
    }

    [Fact]
    public void A_token_that_is_forgotten_starts_at_what_is_left()
    {
        var token = Add((First, "a"));
        _time.Advance(TimeSpan.FromSeconds(3));
        Add((First, "b"));
        Purge();
        using var cursor = _cache.GetCacheCursor(First, token);
        Assert.Equal(["b"], Drain(cursor));
    }

    [Fact]
    public void A_consumer_that_lags_loses_the_oldest_and_never_puts_the_queue_under_pressure()
    {
        using var lagging = _cache.GetCacheCursor(First, null);
        for (var i = 0; i < LiveQueueCache.MaxLag + 10; i++)
        {
            Add((First, $"{i}"));
        }

        Assert.False(_cache.IsUnderPressure());
        var left = Drain(lagging);
        Assert.Equal(LiveQueueCache.MaxLag, left.Count);
        Assert.Equal("10", left[0]);
    }

    [Fact]
    public void A_stream_that_nobody_reads_is_forgotten()
    {
        Add((First, "a"), (Second, "x"));
        var cursor = _cache.GetCacheCursor(Second, null);
        _time.Advance(TimeSpan.FromSeconds(3));
        Purge();
        Assert.Equal(1, _cache.StreamCount);
        cursor.Dispose();
        Assert.Equal(0, _cache.StreamCount);
    }

    [Fact]
    public void A_cursor_that_is_disposed_twice_takes_nothing_from_its_successor()
    {
        var old = _cache.GetCacheCursor(First, null);
        old.Dispose();
        using var cursor = _cache.GetCacheCursor(First, null);
        old.Dispose();
        Add((First, "a"));
        Assert.Equal(["a"], Drain(cursor));
    }

    private static List<string> Drain(IQueueCacheCursor cursor)
    {
        var events = new List<string>();
        while (cursor.MoveNextWithResult().Kind == QueueCacheCursorMoveResultKind.Success)
        {
            events.AddRange(cursor.GetCurrent(out _)!.GetEvents<string>().Select(item => item.Item1));
        }

        return events;
    }

    private StreamSequenceToken Add(params (StreamId Stream, string Event)[] added)
    {
        var batches = added
            .Select(item => (IBatchContainer)new QueuedBatch(new QueuedEvents(item.Stream, [item.Event]), new EventSequenceTokenV2(++_token)))
            .ToArray();
        _cache.AddToCache(batches);
        return batches[0].SequenceToken;
    }

    private void Purge() => Assert.False(_cache.TryPurgeFromCache(out _));
}
