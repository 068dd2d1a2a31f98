using Orleans.Concurrency;

namespace OpenClaw.Grains.Abstractions.Events;

/// <summary>
/// A tenant's events: gives those in the outbox their numbers, has webhooks told, and publishes them while somebody watches.
/// Key: <see cref="TenantEventsKey"/>.
/// </summary>
[Alias("OpenClaw.ITenantEventsGrain")]
public interface ITenantEventsGrain : IGrainWithStringKey
{
    /// <summary>Numbers what waits in the outbox: durable when the task completes.</summary>
    /// <remarks>Interleaves; calls that meet share the work.</remarks>
    [Alias("Advance"), AlwaysInterleave, Repeatable]
    Task<TenantWatch> Advance(CancellationToken cancellationToken);

    /// <summary>Somebody watches for the next 30 s: events and pieces of answers are published. Answers the number of the last event.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("Watch"), AlwaysInterleave, Repeatable, ResponseTimeout("00:00:02")]
    Task<long> Watch(CancellationToken cancellationToken);

    /// <summary>Events after a number, in their order: at most <paramref name="limit"/> (1 to 500), and some 1 MiB of them.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("Read"), AlwaysInterleave, Repeatable]
    Task<TenantEventPage> Read(long afterSeq, int limit, CancellationToken cancellationToken);

    /// <summary>A session's event by its place in the session's log; null when there is none, or it is not kept any more.</summary>
    /// <remarks>Interleaves. One that waits in the outbox gets its number first.</remarks>
    [Alias("Find"), AlwaysInterleave, Repeatable]
    Task<TenantEvent?> Find(string sessionId, long sessionSeq, string type, CancellationToken cancellationToken);
}
