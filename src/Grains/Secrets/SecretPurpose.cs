using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Secrets;

/// <summary>What a secret is for. Text that was protected for one purpose cannot be read for another.</summary>
/// <param name="Tenant">Whose it is.</param>
/// <param name="Kind">What it opens.</param>
public readonly record struct SecretPurpose(TenantId Tenant, SecretKind Kind);

/// <summary>Part of what is stored, by name: the names are for good.</summary>
public enum SecretKind
{
    /// <summary>The key that signs a webhook's deliveries.</summary>
    Webhook,

    /// <summary>What a skill was granted to reach its service.</summary>
    Skill,
}
