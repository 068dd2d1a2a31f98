using OpenClaw.Grains.Abstractions.Approvals;
using Orleans.Concurrency;

namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>One tenant: its name, its limits. Key: <see cref="TenantKey"/>.</summary>
[Alias("OpenClaw.ITenantGrain")]
public interface ITenantGrain : IGrainWithStringKey
{
    /// <summary>
    /// Creates the tenant; false when its id is taken, or was and <see cref="IsBeingRemoved"/>. Durable and listed when the
    /// task completes.
    /// </summary>
    /// <remarks>A tenant of this very name and time of creation is the one that an earlier call made.</remarks>
    [Alias("Create"), Repeatable]
    Task<bool> Create(TenantInfo tenant, CancellationToken cancellationToken);

    /// <summary>The tenant, or null when there is none.</summary>
    /// <remarks>Interleaves: a slow write keeps nobody waiting for the answer.</remarks>
    [Alias("Get"), AlwaysInterleave, Repeatable]
    Task<TenantInfo?> Get(CancellationToken cancellationToken);

    /// <summary>
    /// Deletes the tenant: durable when the task completes, and from then on its keys are refused and its limits unknown.
    /// What it had is removed in the background. False when there is none.
    /// </summary>
    /// <remarks>A removal that a crash cut short goes on by itself.</remarks>
    /// <exception cref="InvalidOperationException">The tenant is <see cref="TenantId.Default"/>, which stays: refuse it before.</exception>
    [Alias("Delete")]
    Task<bool> Delete(CancellationToken cancellationToken);

    /// <summary>True while something of the tenant, which was deleted, may be left: its id cannot be used.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("IsBeingRemoved"), AlwaysInterleave, Repeatable]
    Task<bool> IsBeingRemoved(CancellationToken cancellationToken);

    /// <summary>The limits in force, defaults filled in; null when there is no such tenant.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("GetLimits"), AlwaysInterleave, Repeatable]
    Task<TenantLimits?> GetLimits(CancellationToken cancellationToken);

    /// <summary>Sets the limits; in force everywhere within a second. False when there is no such tenant.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A limit is outside its range; see <see cref="TenantLimits"/>.</exception>
    [Alias("SetLimits"), Repeatable]
    Task<bool> SetLimits(TenantLimits limits, CancellationToken cancellationToken);

    /// <summary>Sets the policy; in force everywhere within a second. False when there is no such tenant.</summary>
    [Alias("SetToolPolicy"), Repeatable]
    Task<bool> SetToolPolicy(ToolPolicy policy, CancellationToken cancellationToken);
}
