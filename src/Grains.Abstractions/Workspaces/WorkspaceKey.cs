using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Abstractions.Workspaces;

/// <summary>Key of a workspace grain: <c>tenant/f</c>.</summary>
public readonly record struct WorkspaceKey(TenantId Tenant)
{
    private const string Suffix = "/f";

    /// <exception cref="FormatException">The text is not a workspace's key.</exception>
    public static WorkspaceKey Parse(string key) =>
        key.EndsWith(Suffix, StringComparison.Ordinal) && TenantId.TryParse(key[..^Suffix.Length], out var tenant)
            ? new WorkspaceKey(tenant)
            : throw new FormatException($"'{key}' is not a workspace's key; it must read tenant/f.");

    public override string ToString() => string.Concat(Tenant.Value, Suffix);
}
