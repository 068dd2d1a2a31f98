using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Sessions;
using Orleans.Streams;

namespace OpenClaw.Grains.Streaming;

/// <summary>
/// Puts a session's frames into its stream while somebody watches. Nobody waits for it: while one batch is under way
/// frames gather, and go out together as the next one. What it cannot send is lost, which a reader sees as a gap.
/// </summary>
/// <remarks>Belongs to one activation and is called in its turns only. Holds nothing until it is first watched.</remarks>
internal sealed partial class FramePublisher(Func<IAsyncStream<FrameBatch>> getStream, TimeProvider timeProvider, ILogger logger)
{
    /// <summary>How long one <see cref="Renew"/> keeps the stream fed. Watchers renew every 10 s.</summary>
    internal static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    /// <summary>Frames that wait for the send before them. One more, and those that wait are dropped.</summary>
    internal const int MaxWaiting = 1_024;

    /// <summary>After this a send counts as lost: its queue's silo has probably died.</summary>
    internal static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(2);

    private IAsyncStream<FrameBatch>? _stream;
    private List<SessionFrame>? _waiting;
    private long _renewedAt;
    private bool _sending;
    private bool _gone;

    /// <summary>Publishes to the stream of the session that <paramref name="grain"/> is.</summary>
    public static FramePublisher For(IGrainBase grain, TimeProvider timeProvider, ILogger logger) =>
        new(() => grain.GetStreamProvider(SessionStreams.Provider)
            .GetStream<FrameBatch>(StreamId.Create(SessionStreams.Namespace, grain.GrainContext.GrainId.Key.ToString()!)), timeProvider, logger);

    /// <summary>True from a <see cref="Renew"/> until 30 s after the last one.</summary>
    public bool IsWatched => _stream is not null && timeProvider.GetElapsedTime(_renewedAt) < Lease;

    /// <summary>Somebody watches.</summary>
    public void Renew()
    {
        _stream ??= getStream();
        _renewedAt = timeProvider.GetTimestamp();
    }

    /// <summary>Sends frames to the watchers, if there are any. Returns at once and never throws.</summary>
    /// <param name="frames">In order; not changed afterwards, since they may be sent as they are.</param>
    public void Publish(IReadOnlyList<SessionFrame> frames)
    {
        if (frames.Count == 0 || !IsWatched)
        {
            return;
        }

        if (!_sending)
        {
            _ = SendAsync(ToBatch(frames));
            return;
        }

        _waiting ??= [];
        if (_waiting.Count + frames.Count > MaxWaiting)
        {
            LogDropped(logger, _waiting.Count, _stream!.StreamId);
            _waiting.Clear();
        }

        _waiting.AddRange(frames);
    }

    /// <summary>Tells the watchers, if there are any, that the session is no more. Nothing is published afterwards.</summary>
    public void PublishGone()
    {
        if (!IsWatched)
        {
            return;
        }

        _gone = true;
        if (!_sending)
        {
            _ = SendAsync(FrameBatch.Gone);
        }
    }

    private static FrameBatch ToBatch(IReadOnlyList<SessionFrame> frames) =>
        new() { Frames = frames, ThroughSeq = frames[^1].Seq, HeadSeq = frames[^1].Seq };

    private async Task SendAsync(FrameBatch batch)
    {
        _sending = true;
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
                LogSendFailed(logger, next.Frames.Count, _stream!.StreamId, exception);
            }

            next = TakeNext(next);
        }

        _sending = false;
    }

    private FrameBatch? TakeNext(FrameBatch sent)
    {
        if (_waiting is { Count: > 0 })
        {
            var frames = _waiting.ToArray();
            _waiting.Clear();
            return ToBatch(frames);
        }

        return _gone && sent.Status != FrameBatchStatus.Gone ? FrameBatch.Gone : null;
    }

    [LoggerMessage(5111, LogLevel.Warning, "{Count} frames waited too long for stream {StreamId} and were dropped; its watchers read them from the log.")]
    private static partial void LogDropped(ILogger logger, int count, StreamId streamId);

    [LoggerMessage(5112, LogLevel.Warning, "{Count} frames could not be put into stream {StreamId}; its watchers read them from the log.")]
    private static partial void LogSendFailed(ILogger logger, int count, StreamId streamId, Exception exception);
}
