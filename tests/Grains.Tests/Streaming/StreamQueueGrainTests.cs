using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Streaming;

namespace OpenClaw.Grains.Tests.Streaming;

public sealed class StreamQueueGrainTests
{
    private static readonly StreamId Stream = StreamId.Create("session", "t/s/1");

    private readonly FakeTimeProvider _time = new();
    private readonly Lifetime _lifetime = new();
    private readonly StreamQueueGrain _queue;

    public StreamQueueGrainTests() => _queue = new StreamQueueGrain(_time, _lifetime);

    [Fact]
    public async Task A_reader_takes_what_waits_up_to_its_limit()
    {
        await Enqueue(1, 3);
        Assert.Equal([1, 2], Numbers(await Dequeue(2)));
        Assert.Equal([3], Numbers(await Dequeue(2)));
    }

    [Fact]
    public async Task A_reader_waits_for_the_first_event()
    {
        var reading = Dequeue(10);
        Assert.False(reading.IsCompleted);
        await Enqueue(1, 1);
        Assert.Equal([1], Numbers(await reading));
    }

    [Fact]
    public async Task A_reader_that_waits_in_vain_gets_an_empty_answer()
    {
        var reading = Dequeue(10);
        _time.Advance(StreamQueueGrain.LongestWait);
        Assert.Empty(await reading);
    }

    [Fact]
    public async Task A_later_reader_takes_over_and_loses_nothing_to_the_earlier()
    {
        var earlier = Dequeue(10);
        var later = Dequeue(10);
        Assert.Empty(await earlier);
        await Enqueue(1, 1);
        Assert.Equal([1], Numbers(await later));
    }

    [Fact]
    public async Task A_reader_that_gives_up_takes_nothing_along()
    {
        using var givenUp = new CancellationTokenSource();
        var reading = _queue.Dequeue(10, givenUp.Token);
        await givenUp.CancelAsync();
        await Enqueue(1, 1);
        Assert.Empty(await reading);
        Assert.Equal([1], Numbers(await Dequeue(10)));
    }

    [Fact]
    public async Task A_full_queue_loses_its_oldest()
    {
        await Enqueue(1, StreamQueueGrain.Capacity + 2);
        var taken = Numbers(await Dequeue(int.MaxValue));
        Assert.Equal(StreamQueueGrain.Capacity, taken.Count);
        Assert.Equal(3, taken[0]);
        Assert.Equal(StreamQueueGrain.Capacity + 2, taken[^1]);
    }

    [Fact]
    public async Task A_stopping_silo_keeps_no_reader_waiting()
    {
        var reading = Dequeue(10);
        _lifetime.StopApplication();
        Assert.Empty(await reading);
        Assert.Empty(await Dequeue(10));
    }

    private static List<int> Numbers(QueuedEvents[] taken) => [.. taken.SelectMany(queued => queued.Events).Cast<int>()];

    private Task<QueuedEvents[]> Dequeue(int maxCount) => _queue.Dequeue(maxCount, TestContext.Current.CancellationToken);

    private async Task Enqueue(int first, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await _queue.Enqueue(new QueuedEvents(Stream, [first + i]));
        }
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        private readonly CancellationTokenSource _stopping = new();

        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => _stopping.Token;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication() => _stopping.Cancel();
    }
}
