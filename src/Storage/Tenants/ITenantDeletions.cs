using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Storage.Tenants;

/// <summary>
/// Tenants that were deleted: the durable mark that makes a deletion go on after a crash. While a mark is there, the tenant
/// gets no new session.
/// </summary>
public interface ITenantDeletions
{
    /// <summary>Sets the mark; again, when the tenant had been deleted before.</summary>
    Task BeginAsync(TenantId tenant, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Nothing of the tenant is left. The mark stays.</summary>
    Task EndAsync(TenantId tenant, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Takes the mark away: the tenant exists, for the first time or anew.</summary>
    Task ForgetAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>Tenants whose deletion has not ended, the oldest first.</summary>
    ValueTask<IReadOnlyList<TenantId>> ListUnfinishedAsync(int limit, CancellationToken cancellationToken);
}
