using System.Runtime.CompilerServices;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions;
using OpenClaw.WebFrontend.Streams;

namespace OpenClaw.WebFrontend.Sessions;

/// <inheritdoc cref="ISessionFeed"/>
/// <remarks>
/// The lists given out are never empty. A silo that dies costs a pause, see <see cref="LogReads"/>.
/// </remarks>
internal sealed partial class SessionFeed(IGrainFactory grains, StreamHub<SessionKey, FrameBatch> hub, TimeProvider timeProvider, ILogger<SessionFeed> logger) : ISessionFeed
{
    /// <summary>How long a caller's read waits in the session. An answer, even an empty one, shows that the silo lives.</summary>
    internal const int HeartbeatMilliseconds = 500;

    private const int MaxFrames = 256;

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
            for (var i = 0; i < signal.Items.Count && !readLog; i++)
            {
                readLog = !merge.TryTakeLive(signal.Items[i], out var frames);
                if (!readLog && frames.Count > 0)
                {
                    yield return frames;
                }
            }
        }
    }

    // The token stays on this side: a read that is given up ends by itself after its waiting time.
    private Task<FrameBatch> ReadAsync(ISessionGrain grain, FrameCursor cursor, CancellationToken cancellationToken) => LogReads.ReadAsync(
        () => grain.Read(cursor, CancellationToken.None),
        exception => LogReadAgain(logger, grain.GetPrimaryKeyString(), exception),
        timeProvider,
        cancellationToken);

    [LoggerMessage(5211, LogLevel.Debug, "A read of session {Session} failed; reading again.")]
    private static partial void LogReadAgain(ILogger logger, string session, Exception exception);
}
