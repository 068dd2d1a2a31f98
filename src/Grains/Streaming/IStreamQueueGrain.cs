using Orleans.Concurrency;

namespace OpenClaw.Grains.Streaming;

/// <summary>One queue of the frame streams, in memory. Key: <c>provider/number</c>.</summary>
[Alias("OpenClaw.IStreamQueueGrain")]
internal interface IStreamQueueGrain : IGrainWithStringKey
{
    /// <summary>Puts events at the end of the queue; a full queue loses its oldest. Nothing is durable.</summary>
    [Alias("Enqueue"), AlwaysInterleave]
    Task Enqueue(QueuedEvents queued);

    /// <summary>
    /// Takes up to <paramref name="maxCount"/> entries, as soon as there is one; empty after
    /// <see cref="StreamQueueGrain.LongestWait"/>, or when a later reader has come, or when the silo stops.
    /// </summary>
    /// <remarks>Interleaves with everything. What was taken is gone: there is no acknowledgement.</remarks>
    [Alias("Dequeue"), AlwaysInterleave]
    Task<QueuedEvents[]> Dequeue(int maxCount, CancellationToken cancellationToken);
}
