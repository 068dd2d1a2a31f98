using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Storage.Outbox;

/// <summary>The outbox's reading end.</summary>
public interface IOutbox
{
    /// <summary>Entries in the order of their commit, oldest first.</summary>
    ValueTask<IReadOnlyList<OutboxRow>> ReadAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Removes entries that have been dealt with.</summary>
    Task RemoveAsync(IReadOnlyCollection<long> positions, CancellationToken cancellationToken);

    /// <summary>Removes a bounded piece of a tenant's entries. False when there are none left.</summary>
    Task<bool> RemoveSomeAsync(TenantId tenant, CancellationToken cancellationToken);
}

/// <summary>An entry with its position and origin.</summary>
public sealed record OutboxRow(long Position, string Tenant, string SessionId, OutboxEntry Entry, DateTimeOffset At);
