using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Storage.Events;

/// <summary>
/// What happened to tenants: the outbox, which every feature fills in the transactions of what it tells of, and behind it each
/// tenant's numbered log.
/// </summary>
public interface IEventLog
{
    /// <summary>Writes an event that is told of by itself. Repeated, it may be there twice.</summary>
    /// <param name="tenant">Whose it is.</param>
    /// <param name="entry">The event.</param>
    /// <param name="webhookId">The one webhook that is to be told, or null.</param>
    /// <param name="at">When it happened.</param>
    /// <param name="cancellationToken">Heeded until the write begins.</param>
    Task AddAsync(TenantId tenant, OutboxEntry entry, string? webhookId, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Tenants whose outbox holds something.</summary>
    ValueTask<IReadOnlyList<TenantId>> ListWaitingAsync(int limit, CancellationToken cancellationToken);

    /// <summary>What has no number yet, in the order of its writing.</summary>
    ValueTask<IReadOnlyList<OutboxRow>> ReadOutboxAsync(TenantId tenant, int limit, CancellationToken cancellationToken);

    /// <summary>The number of the tenant's last event; 0 when there was none.</summary>
    ValueTask<long> FindHeadAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>
    /// Gives rows of the outbox the numbers after <paramref name="head"/>, and has those webhooks told that want to be, in one
    /// transaction.
    /// </summary>
    /// <param name="tenant">Whose events they are.</param>
    /// <param name="head">The number of the last event.</param>
    /// <param name="rows">From the outbox, in their order.</param>
    /// <param name="cancellationToken">Heeded until the write begins.</param>
    /// <returns>Null when the last event has another number by now: nothing was written.</returns>
    Task<SequencedEvents?> SequenceAsync(TenantId tenant, long head, IReadOnlyList<OutboxRow> rows, CancellationToken cancellationToken);

    /// <summary>Events after a number, in their order: as many as asked for, or 1 MiB of them, but one at least.</summary>
    ValueTask<IReadOnlyList<TenantEventState>> ReadAsync(TenantId tenant, long afterSeq, int limit, CancellationToken cancellationToken);

    /// <summary>The number of the oldest event that is kept; null when none is.</summary>
    ValueTask<long?> FindFirstAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>A session's event; null when it has no number yet, or is not kept any more.</summary>
    ValueTask<TenantEventState?> FindAsync(SessionKey session, long sessionSeq, string type, CancellationToken cancellationToken);

    /// <summary>Webhooks that were told of events after a number.</summary>
    ValueTask<IReadOnlyList<string>> ListToldAsync(TenantId tenant, long afterSeq, CancellationToken cancellationToken);

    /// <summary>Removes a bounded piece of what is both older than a time and below a number. Tells how many.</summary>
    /// <remarks>What a delivery still needs stays.</remarks>
    Task<int> PurgeAsync(TenantId tenant, DateTimeOffset before, long belowSeq, int limit, CancellationToken cancellationToken);

    /// <summary>The same over all tenants, whatever the numbers.</summary>
    Task<int> PurgeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Removes a bounded piece of what a tenant has. False when there is nothing left.</summary>
    Task<bool> RemoveSomeAsync(TenantId tenant, CancellationToken cancellationToken);
}

/// <summary>What a numbering has done.</summary>
/// <param name="Head">The number of the last event now.</param>
/// <param name="Deliveries">How many deliveries to webhooks it has made.</param>
public readonly record struct SequencedEvents(long Head, int Deliveries);
