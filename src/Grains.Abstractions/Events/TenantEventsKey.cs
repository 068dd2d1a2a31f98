using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Abstractions.Events;

/// <summary>Key of a tenant's events: <c>tenant/e</c>.</summary>
public readonly record struct TenantEventsKey(TenantId Tenant)
{
    private const string End = "/e";

    /// <exception cref="FormatException">The text is not the key of a tenant's events.</exception>
    public static TenantEventsKey Parse(string key) => key.EndsWith(End, StringComparison.Ordinal) && TenantId.TryParse(key[..^End.Length], out var tenant)
        ? new TenantEventsKey(tenant)
        : throw new FormatException($"'{key}' is not the key of a tenant's events; it must read tenant/e.");

    public override string ToString() => Tenant.Value + End;
}
