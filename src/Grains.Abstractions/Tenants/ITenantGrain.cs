namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>One tenant: its name, its limits. Key: <see cref="TenantKey"/>.</summary>
[Alias("OpenClaw.ITenantGrain")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>Creates the tenant; false when its id is taken. Durable and listed when the task completes.</summary>
    [Alias("Create")]
    Task<bool> Create(TenantInfo tenant, CancellationToken cancellationToken);

    /// <summary>The tenant, or null when there is none.</summary>
    [Alias("Get")]
    Task<TenantInfo?> Get(CancellationToken cancellationToken);

    /// <summary>Deletes the tenant: its keys stop working, its sessions go. False when there is none.</summary>
    [Alias("Delete")]
    Task<bool> Delete(CancellationToken cancellationToken);

    /// <summary>The limits in force, defaults filled in; null when there is no such tenant.</summary>
    [Alias("GetLimits")]
    Task<TenantLimits?> GetLimits(CancellationToken cancellationToken);

    /// <summary>Sets the limits; in force everywhere within a second. False when there is no such tenant.</summary>
    [Alias("SetLimits")]
    Task<bool> SetLimits(TenantLimits limits, CancellationToken cancellationToken);
}
