using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Abstractions.Memory;

/// <summary>Key of a memory namespace's grain: <c>tenant/m/namespace</c>.</summary>
public readonly record struct MemoryNamespaceKey(TenantId Tenant, string Namespace)
{
    /// <summary>The namespace of a caller that names none.</summary>
    public const string DefaultNamespace = "default";

    /// <summary>Of a namespace's name, in characters.</summary>
    public const int MaxNamespaceLength = 64;

    private const string Middle = "/m/";

    /// <summary>1 to 64 of <c>A-Za-z0-9._-</c>.</summary>
    public static bool IsNamespace(string name) =>
        name.Length is > 0 and <= MaxNamespaceLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <exception cref="FormatException">The text is not a memory namespace's key.</exception>
    public static MemoryNamespaceKey Parse(string key)
    {
        var at = key.IndexOf(Middle, StringComparison.Ordinal);
        return at > 0 && TenantId.TryParse(key[..at], out var tenant) && IsNamespace(key[(at + Middle.Length)..])
            ? new MemoryNamespaceKey(tenant, key[(at + Middle.Length)..])
            : throw new FormatException($"'{key}' is not a memory namespace's key; it must read tenant/m/namespace.");
    }

    public override string ToString() => string.Concat(Tenant.Value, Middle, Namespace);
}
