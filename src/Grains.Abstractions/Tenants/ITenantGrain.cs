using Orleans.Concurrency;

namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>One tenant: its name, its limits. Key: <see cref="TenantKey"/>.</summary>
[Alias("OpenClaw.ITenantGrain")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>Creates the tenant; false when its id is taken. Durable and listed when the task completes.</summary>
    [Alias("Create")]
    Task<bool> Create(TenantInfo tenant, CancellationToken cancellationToken);

    /// <summary>The tenant, or null when there is none.</summary>
    /// <remarks>Interleaves: a long deletion keeps nobody waiting for the answer.</remarks>
    [Alias("Get"), AlwaysInterleave, Repeatable]
    Task<TenantInfo?> Get(CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the tenant: from then on its keys are refused and its limits and usage unknown; its sessions are gone when
    /// the task completes. False when there is none.
    /// </summary>
    /// <remarks>A deletion that a crash cut short goes on when the tenant is listed or deleted again.</remarks>
    /// <exception cref="InvalidOperationException">The tenant is <see cref="TenantId.Default"/>, which stays: refuse it before.</exception>
    [Alias("Delete")]
    Task<bool> Delete(CancellationToken cancellationToken);

    /// <summary>The limits in force, defaults filled in; null when there is no such tenant.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("GetLimits"), AlwaysInterleave, Repeatable]
    Task<TenantLimits?> GetLimits(CancellationToken cancellationToken);

    /// <summary>Sets the limits; in force everywhere within a second. False when there is no such tenant.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is outside its range; see <see cref="TenantLimits"/>.</exception>
    [Alias("SetLimits"), Repeatable]
    Task<bool> SetLimits(TenantLimits limits, CancellationToken cancellationToken);
}
