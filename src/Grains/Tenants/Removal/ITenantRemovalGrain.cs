using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tenants.Removal;

/// <summary>Removes what a deleted tenant has, in the background. Key: <see cref="TenantKey"/>.</summary>
[Alias("OpenClaw.ITenantRemovalGrain")]
internal interface ITenantRemovalGrain : IGrainWithStringKey
{
    /// <summary>Goes on with the removal, unless it is under way; harmless for a tenant that was not deleted. Answers at once.</summary>
    [Alias("Continue")]
    Task Continue(CancellationToken cancellationToken);
}
