namespace OpenClaw.Grains.Streaming;

/// <summary>What one publication put into a stream's queue. Immutable, so that calls within a silo pass it on without copying.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.QueuedEvents")]
internal sealed class QueuedEvents(StreamId streamId, object[] events)
{
    [Id(0)]
    public StreamId StreamId { get; } = streamId;

    [Id(1)]
    public object[] Events { get; } = events;
}
