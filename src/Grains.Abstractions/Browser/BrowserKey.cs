using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Abstractions.Browser;

/// <summary>Key of a browser context's grain: <c>tenant/b/session</c>.</summary>
public readonly record struct BrowserKey(TenantId Tenant, string Session)
{
    /// <summary>The context of a caller that names none.</summary>
    public const string DefaultSession = "default";

    private const string Middle = "/b/";

    /// <exception cref="FormatException">The text is not a browser context's key.</exception>
    public static BrowserKey Parse(string key)
    {
        var at = key.IndexOf(Middle, StringComparison.Ordinal);
        return at > 0 && TenantId.TryParse(key[..at], out var tenant) && KeyNames.IsName(key[(at + Middle.Length)..])
            ? new BrowserKey(tenant, key[(at + Middle.Length)..])
            : throw new FormatException($"'{key}' is not a browser context's key; it must read tenant/b/session.");
    }

    public override string ToString() => string.Concat(Tenant.Value, Middle, Session);
}
