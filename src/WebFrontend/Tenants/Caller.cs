using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>Who sent a request: the tenant and the scopes of its key.</summary>
/// <param name="Tenant">The tenant whose sessions, limits and usage the request sees.</param>
/// <param name="Scopes">What the key may do.</param>
/// <param name="KeyId">The key's id, not its secret.</param>
/// <param name="ExpiresAt">The key is refused from then on; null never expires.</param>
internal sealed record Caller(TenantId Tenant, Scopes Scopes, string KeyId, DateTimeOffset? ExpiresAt)
{
    /// <summary>Only keys of the tenant <c>default</c> with scope <c>admin</c> reach <c>/api/admin</c>.</summary>
    public bool IsOperator => Tenant == TenantId.Default && Scopes.HasFlag(Scopes.Admin);
}
