using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Sessions;
using Orleans.Streams;

namespace OpenClaw.Grains.Streaming;

/// <summary>Puts a session's frames into its stream. What it cannot send a reader sees as a gap.</summary>
internal sealed class FramePublisher(Func<IAsyncStream<FrameBatch>> getStream, TimeProvider timeProvider, ILogger logger)
    : StreamPublisher<SessionFrame, FrameBatch>(getStream, ToBatch, timeProvider, logger)
{
    /// <summary>Publishes to the stream of the session that <paramref name="grain"/> is.</summary>
    public static FramePublisher For(IGrainBase grain, TimeProvider timeProvider, ILogger logger) =>
        new(() => grain.GetStreamProvider(SessionStreams.Provider)
            .GetStream<FrameBatch>(StreamId.Create(SessionStreams.Namespace, grain.GrainContext.GrainId.Key.ToString()!)), timeProvider, logger);

    /// <summary>Tells the watchers, if there are any, that the session is no more. Nothing is published afterwards.</summary>
    public void PublishGone() => PublishLast(FrameBatch.Gone);

    private static FrameBatch ToBatch(IReadOnlyList<SessionFrame> frames) =>
        new() { Frames = frames, ThroughSeq = frames[^1].Seq, HeadSeq = frames[^1].Seq };
}
