using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.WebFrontend.Events;

/// <summary>A tenant's events for one connection, in order, each once, and between them the pieces of answers while they are spoken.</summary>
internal interface ITenantFeed
{
    /// <summary>Completes when what happens from now on reaches this process as it happens, or when that takes too long.</summary>
    Task PrepareAsync(TenantId tenant);

    /// <summary>
    /// All events above <paramref name="afterSeq"/>, without end. Pieces of answers are not kept: a connection that was away
    /// or slow gets the whole message alone.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<TenantFeedItem>> FollowAsync(TenantId tenant, long afterSeq, CancellationToken cancellationToken);
}
