using System.Runtime.CompilerServices;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions;

namespace OpenClaw.WebFrontend.Sessions;

/// <inheritdoc cref="ISessionFeed"/>
/// <remarks>
/// Reads are stateless on the grain, so any of them may be given up and made again. The lists given out are never
/// empty. A silo that dies costs a pause, at most 1.5 s beyond the time that the cluster needs to notice.
/// </remarks>
internal sealed partial class SessionFeed(IGrainFactory grains, SessionStreamHub hub, TimeProvider timeProvider, ILogger<SessionFeed> logger) : ISessionFeed
{
    /// <summary>How long a caller's read waits in the session. An answer, even an empty one, shows that the silo lives.</summary>
    internal const int HeartbeatMilliseconds = 500;

    /// <summary>Silence after which a read is given up; the activation's silo has probably died.</summary>
    internal static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(1.5);

    private const int MaxFrames = 256;

    /// <summary>A failure that Orleans has no part in is a fault of ours or of the database: tried again only so often.</summary>
    private const int MaxUnknownFailures = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    public async IAsyncEnumerable<IReadOnlyList<SessionFrame>> FollowTurnAsync(
        SessionKey key,
        string turnId,
        long afterSeq,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var grain = grains.GetSession(key);
        var merge = new SessionFeedMerge(afterSeq);
        while (true)
        {
            var batch = await ReadAsync(grain, new FrameCursor(merge.Seq, turnId, HeartbeatMilliseconds, MaxFrames), cancellationToken);
            var frames = merge.TakeRead(batch);
            if (frames.Count > 0)
            {
                yield return frames;
            }

            if (batch.Status != FrameBatchStatus.Open || (frames.Count > 0 && frames[^1].Frame is DoneFrame or ErrorFrame))
            {
                yield break;
            }
        }
    }

    public async IAsyncEnumerable<IReadOnlyList<SessionFrame>> FollowSessionAsync(
        SessionKey key,
        long afterSeq,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var grain = grains.GetSession(key);
        var merge = new SessionFeedMerge(afterSeq);
        using var reader = hub.Join(key);
        var readLog = true;
        while (true)
        {
            while (readLog)
            {
                var batch = await ReadAsync(grain, new FrameCursor(merge.Seq, null, 0, MaxFrames), cancellationToken);
                var frames = merge.TakeRead(batch);
                if (frames.Count > 0)
                {
                    yield return frames;
                }

                if (batch.Status == FrameBatchStatus.Gone)
                {
                    yield break;
                }

                readLog = frames.Count > 0 && merge.Seq < batch.HeadSeq;
            }

            // What had come when a read became necessary is older than that read, so it is passed over.
            var signal = await reader.NextAsync(cancellationToken);
            if (signal.Gone)
            {
                yield break;
            }

            readLog = signal.Ring;
            for (var i = 0; i < signal.Batches.Count && !readLog; i++)
            {
                readLog = !merge.TryTakeLive(signal.Batches[i], out var frames);
                if (!readLog && frames.Count > 0)
                {
                    yield return frames;
                }
            }
        }
    }

    private static bool IsUnavailable(Exception exception) =>
        exception is TimeoutException or OrleansException or OperationCanceledException or IOException;

    private static async Task<FrameBatch> ReadOnceAsync(ISessionGrain grain, FrameCursor cursor, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        // The token stays on this side: a read that is given up ends by itself after its waiting time.
        var read = grain.Read(cursor, CancellationToken.None);
        try
        {
            return await read.WaitAsync(ReadTimeout, timeProvider, cancellationToken);
        }
        catch (Exception) when (!read.IsCompleted)
        {
            _ = read.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }

    private async Task<FrameBatch> ReadAsync(ISessionGrain grain, FrameCursor cursor, CancellationToken cancellationToken)
    {
        var unknownFailures = 0;
        var pause = FirstPause;
        while (true)
        {
            try
            {
                return await ReadOnceAsync(grain, cursor, timeProvider, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested
                && (IsUnavailable(exception) || ++unknownFailures < MaxUnknownFailures))
            {
                LogReadAgain(logger, grain.GetPrimaryKeyString(), exception);
            }

            await Task.Delay(pause, timeProvider, cancellationToken);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    [LoggerMessage(5211, LogLevel.Debug, "A read of session {Session} failed; reading again.")]
    private static partial void LogReadAgain(ILogger logger, string session, Exception exception);
}
