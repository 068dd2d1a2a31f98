using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tenants;

/// <summary>What the silo itself asks of a tenant's grain. Key: <see cref="TenantKey"/>.</summary>
[Alias("OpenClaw.ITenantRecord")]
internal interface ITenantRecord : IGrainWithStringKey
{
    /// <summary>
    /// The tenant behind a row of the list, or null; then what a crash left over is dealt with: a deletion goes on, and a row
    /// without a tenant is removed.
    /// </summary>
    [Alias("Confirm")]
    Task<TenantInfo?> Confirm(CancellationToken cancellationToken);

    /// <summary>
    /// When the tenant was deleted, while something of it may be left; else null, and a mark of its deletion that a crash
    /// left over is put right.
    /// </summary>
    [Alias("FindDeletion")]
    Task<DateTimeOffset?> FindDeletion(CancellationToken cancellationToken);

    /// <summary>Nothing of the deleted tenant is left: its id is free. Durable when the task completes.</summary>
    [Alias("EndDeletion")]
    Task EndDeletion(CancellationToken cancellationToken);

    /// <summary>How the tenant was first made, or null when there is none.</summary>
    [Alias("FindBootstrap")]
    Task<TenantBootstrapOutcome?> FindBootstrap(CancellationToken cancellationToken);

    /// <summary>Creates the tenant with its first key, unless it exists. Durable when the task completes.</summary>
    [Alias("Bootstrap")]
    Task<TenantBootstrapOutcome> Bootstrap(TenantInfo tenant, ApiKeyInfo key, string hash, CancellationToken cancellationToken);

    /// <summary>
    /// Puts another first key in the place of the one before, which is revoked. False when the key was revoked before or was
    /// made as another: nothing changes then. Durable when the task completes, and may be repeated.
    /// </summary>
    [Alias("ReplaceBootstrapKey")]
    Task<bool> ReplaceBootstrapKey(ApiKeyInfo key, string hash, CancellationToken cancellationToken);
}

/// <summary>How a tenant was first made.</summary>
/// <param name="Created">True when this very call made it.</param>
/// <param name="KeyHash">Hash of the key that it was made with, or null when it was made without one.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.TenantBootstrapOutcome")]
internal sealed record TenantBootstrapOutcome([property: Id(0)] bool Created, [property: Id(1)] string? KeyHash);
