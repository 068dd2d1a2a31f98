using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Storage.Tenants;

/// <summary>
/// Lists what grain state defines. A row goes in before the grain's state and comes out after it, so that a crash can
/// only leave a row that the list repairs.
/// </summary>
public interface ITenantIndex
{
    Task AddTenantAsync(TenantInfo tenant, CancellationToken cancellationToken);

    Task RemoveTenantAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>Tenants by creation, oldest first, after the position given.</summary>
    ValueTask<IReadOnlyList<TenantInfo>> ListTenantsAsync(IndexPosition? after, int limit, CancellationToken cancellationToken);

    Task AddApiKeyAsync(ApiKeyInfo key, string hash, CancellationToken cancellationToken);

    Task RemoveApiKeyAsync(string keyId, CancellationToken cancellationToken);

    ValueTask<IReadOnlyList<ApiKeyRow>> ListApiKeysAsync(TenantId tenant, IndexPosition? after, int limit, CancellationToken cancellationToken);

    ValueTask<ApiKeyRow?> FindApiKeyAsync(string keyId, CancellationToken cancellationToken);

    /// <summary>Usage between two days (inclusive), by day, then model.</summary>
    ValueTask<IReadOnlyList<UsageInfo>> ListUsageAsync(TenantId tenant, DateOnly from, DateOnly to, CancellationToken cancellationToken);

    /// <summary>Removes a bounded piece of a tenant's usage. False when there is none left.</summary>
    Task<bool> RemoveSomeUsageAsync(TenantId tenant, CancellationToken cancellationToken);
}

/// <summary>Position in a list ordered by creation, then id.</summary>
public readonly record struct IndexPosition(DateTimeOffset CreatedAt, string Id);

public sealed record ApiKeyRow(ApiKeyInfo Key, string Hash);
