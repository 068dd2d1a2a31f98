using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Streams;

namespace OpenClaw.WebFrontend.Tests.Feed;

public sealed class StreamReaderTests
{
    private readonly StreamReader<FrameBatch> _reader = new(static batch => batch.Frames.Count, static _ => { }, Task.CompletedTask);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_came_is_taken_together()
    {
        _reader.Post(Batch(1));
        _reader.Post(Batch(2));
        var signal = await _reader.NextAsync(Cancelled);
        Assert.Equal([1, 2], signal.Items.Select(batch => batch.HeadSeq));
        Assert.False(signal.Ring || signal.Gone);
    }

    [Fact]
    public async Task A_reader_waits_for_what_comes()
    {
        var next = _reader.NextAsync(Cancelled).AsTask();
        Assert.False(next.IsCompleted);
        _reader.Post(Batch(1));
        Assert.Single((await next).Items);
        next = _reader.NextAsync(Cancelled).AsTask();
        Assert.False(next.IsCompleted);
        _reader.Ring();
        Assert.True((await next).Ring);
        next = _reader.NextAsync(Cancelled).AsTask();
        Assert.False(next.IsCompleted);
        _reader.End();
        Assert.True((await next).Gone);
    }

    [Fact]
    public async Task A_slow_reader_loses_what_waits_and_is_told_to_read()
    {
        for (var seq = 1; seq <= StreamTimes.MaxWaiting + 1; seq++)
        {
            _reader.Post(Batch(seq));
        }

        _reader.Post(Batch(StreamTimes.MaxWaiting + 2));
        var signal = await _reader.NextAsync(Cancelled);
        Assert.True(signal.Ring);
        Assert.Equal([StreamTimes.MaxWaiting + 2], signal.Items.Select(batch => batch.HeadSeq));
    }

    [Fact]
    public async Task A_reader_that_is_cancelled_can_be_rung_without_harm()
    {
        using var cancelled = new CancellationTokenSource();
        var next = _reader.NextAsync(cancelled.Token).AsTask();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        _reader.Ring();
        Assert.True((await _reader.NextAsync(Cancelled)).Ring);
    }

    private static FrameBatch Batch(long seq) =>
        new() { Frames = new[] { new SessionFrame(seq, "turn", new TextFrame("x")) }, ThroughSeq = seq, HeadSeq = seq };
}
