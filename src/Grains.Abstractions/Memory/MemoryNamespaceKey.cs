using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Abstractions.Memory;

/// <summary>Key of a memory namespace's grain: <c>tenant/m/namespace</c>.</summary>
public readonly record struct MemoryNamespaceKey(TenantId Tenant, string Namespace)
{
    /// <summary>The namespace of a caller that names none.</summary>
    public const string DefaultNamespace = "default";

    private const string Middle = "/m/";

    /// <exception cref="FormatException">The text is not a memory namespace's key.</exception>
    public static MemoryNamespaceKey Parse(string key)
    {
        var at = key.IndexOf(Middle, StringComparison.Ordinal);
        return at > 0 && TenantId.TryParse(key[..at], out var tenant) && KeyNames.IsName(key[(at + Middle.Length)..])
            ? new MemoryNamespaceKey(tenant, key[(at + Middle.Length)..])
            : throw new FormatException($"'{key}' is not a memory namespace's key; it must read tenant/m/namespace.");
    }

    public override string ToString() => string.Concat(Tenant.Value, Middle, Namespace);
}
