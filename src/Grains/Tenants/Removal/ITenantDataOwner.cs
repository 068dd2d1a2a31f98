using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tenants.Removal;

/// <summary>
/// One kind of data that tenants have. Whoever keeps such data registers an owner beside its store, and a deleted tenant
/// loses it with all the others.
/// </summary>
internal interface ITenantDataOwner
{
    /// <summary>Removes a piece of what the tenant has, in a second or less. May be repeated, also after it failed.</summary>
    /// <returns>False when nothing is left.</returns>
    Task<bool> RemoveSomeAsync(TenantId tenant, CancellationToken cancellationToken);
}
