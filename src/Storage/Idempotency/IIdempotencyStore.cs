using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Storage.Idempotency;

/// <summary>Idempotency keys: an intent first, its result later. A row past its time is as good as absent.</summary>
public interface IIdempotencyStore
{
    ValueTask<IdempotencyState?> FindAsync(TenantId tenant, string scope, string key, CancellationToken cancellationToken);

    /// <summary>Records an intent (replacing an expired row). False when the key is taken, unless by <paramref name="claim"/> itself.</summary>
    Task<bool> TryInsertAsync(IdempotencyState state, Guid claim, CancellationToken cancellationToken);

    /// <summary>Stores the result beside the intent.</summary>
    Task CompleteAsync(TenantId tenant, string scope, string key, byte[] result, CancellationToken cancellationToken);

    /// <summary>Removes the row that <paramref name="claim"/> made.</summary>
    Task RemoveAsync(TenantId tenant, string scope, string key, Guid claim, CancellationToken cancellationToken);

    /// <summary>Removes a bounded piece of a tenant's rows. False when there are none left.</summary>
    Task<bool> RemoveSomeAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>Removes up to <paramref name="limit"/> expired rows and tells how many.</summary>
    Task<int> PurgeAsync(int limit, CancellationToken cancellationToken);
}
