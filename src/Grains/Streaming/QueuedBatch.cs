using Orleans.Providers.Streams.Common;
using Orleans.Streams;

namespace OpenClaw.Grains.Streaming;

/// <summary>Queued events with the place in their queue that the receiver gave them. Carries no request context: a doorbell needs none.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.QueuedBatch")]
internal sealed class QueuedBatch(QueuedEvents queued, EventSequenceTokenV2 token) : IBatchContainer
{
    [Id(0)]
    private readonly QueuedEvents _queued = queued;

    [Id(1)]
    private readonly EventSequenceTokenV2 _token = token;

    public StreamId StreamId => _queued.StreamId;

    public StreamSequenceToken SequenceToken => _token;

    public IEnumerable<Tuple<T, StreamSequenceToken>> GetEvents<T>()
    {
        for (var i = 0; i < _queued.Events.Length; i++)
        {
            yield return Tuple.Create((T)_queued.Events[i], (StreamSequenceToken)_token.CreateSequenceTokenForEvent(i));
        }
    }

    public bool ImportRequestContext() => false;
}
