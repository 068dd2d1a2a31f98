using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tenants.Removal;

/// <summary>Rows of a store, which nothing but the store knows of.</summary>
/// <param name="removeSome">The store's own removal of a bounded piece.</param>
internal sealed class TenantRows(Func<TenantId, CancellationToken, Task<bool>> removeSome) : ITenantDataOwner
{
    public Task<bool> RemoveSomeAsync(TenantId tenant, CancellationToken cancellationToken) => removeSome(tenant, cancellationToken);
}
