using Microsoft.Extensions.Logging;
using Orleans.Streams;

namespace OpenClaw.Grains.Streaming;

/// <summary>
/// Puts items into a stream while somebody watches. Nobody waits for it: while one batch is under way items gather, and go out
/// together as the next one. What it cannot send is lost; its watchers read it from where it is durable.
/// </summary>
/// <remarks>Belongs to one activation and is called in its turns only. Holds nothing until it is first watched.</remarks>
internal class StreamPublisher<TItem, TBatch>(
    Func<IAsyncStream<TBatch>> getStream, Func<IReadOnlyList<TItem>, TBatch> toBatch, TimeProvider timeProvider, ILogger logger)
    where TBatch : class
{
    /// <summary>How long one <see cref="Renew"/> keeps the stream fed. Watchers renew every 10 s.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>Items that wait for the send before them. One more, and those that wait are dropped.</summary>
    internal const int MaxWaiting = 1_024;

    /// <summary>After this a send counts as lost: its queue's silo has probably died.</summary>
    internal static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(2);

    private IAsyncStream<TBatch>? _stream;
    private List<TItem>? _waiting;
    private TBatch? _last;
    private Task _sending = Task.CompletedTask;
    private long _renewedAt;

    /// <summary>True from a <see cref="Renew"/> until 30 s after the last one.</summary>
    public bool IsWatched => _stream is not null && timeProvider.GetElapsedTime(_renewedAt) < Lease;

    /// <summary>Completes when everything published so far has been sent or lost.</summary>
    public Task Sent => _sending;

    /// <summary>Somebody watches.</summary>
    public void Renew()
    {
        _stream ??= getStream();
        _renewedAt = timeProvider.GetTimestamp();
    }

    /// <summary>Sends items to the watchers, if there are any. Returns at once and never throws.</summary>
    /// <param name="items">In order; not changed afterwards, since they may be sent as they are.</param>
    public void Publish(IReadOnlyList<TItem> items)
    {
        if (items.Count == 0 || !IsWatched)
        {
            return;
        }

        if (_sending.IsCompleted)
        {
            _sending = SendAsync(toBatch(items));
            return;
        }

        _waiting ??= [];
        if (_waiting.Count + items.Count > MaxWaiting)
        {
            StreamPublisherLog.Dropped(logger, _waiting.Count, _stream!.StreamId);
            _waiting.Clear();
        }

        _waiting.AddRange(items);
    }

    /// <summary>Sends the stream's last word to the watchers, if there are any, behind what waits. Nothing is published afterwards.</summary>
    protected void PublishLast(TBatch last)
    {
        if (!IsWatched)
        {
            return;
        }

        _last = last;
        if (_sending.IsCompleted)
        {
            _sending = SendAsync(last);
        }
    }

    private async Task SendAsync(TBatch batch)
    {
        var next = batch;
        while (next is not null)
        {
            try
            {
                var send = _stream!.OnNextAsync(next);
                _ = send.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
                await send.WaitAsync(SendTimeout, timeProvider);
            }
            catch (Exception exception)
            {
                StreamPublisherLog.SendFailed(logger, _stream!.StreamId, exception);
            }

            next = TakeNext(next);
        }
    }

    private TBatch? TakeNext(TBatch sent)
    {
        if (_waiting is { Count: > 0 })
        {
            var items = _waiting.ToArray();
            _waiting.Clear();
            return toBatch(items);
        }

        return ReferenceEquals(sent, _last) ? null : _last;
    }
}

internal static partial class StreamPublisherLog
{
    [LoggerMessage(5111, LogLevel.Warning, "{Count} items waited too long for stream {StreamId} and were dropped; its watchers read them from the log.")]
    public static partial void Dropped(ILogger logger, int count, StreamId streamId);

    [LoggerMessage(5112, LogLevel.Warning, "A batch could not be put into stream {StreamId}; its watchers read it from the log.")]
    public static partial void SendFailed(ILogger logger, StreamId streamId, Exception exception);
}
