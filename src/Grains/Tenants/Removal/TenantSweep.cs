using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tenants.Removal;

/// <summary>Removes all that a tenant has, owner after owner, piece after piece.</summary>
internal sealed class TenantSweep(IEnumerable<ITenantDataOwner> owners)
{
    private readonly ITenantDataOwner[] _owners = [.. owners];

    /// <summary>Completes when no owner has anything left. Cut short, it is simply begun again.</summary>
    public async Task RunAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        foreach (var owner in _owners)
        {
            while (await owner.RemoveSomeAsync(tenant, cancellationToken))
                cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
