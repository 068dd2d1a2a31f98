using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Abstractions.Browser;

/// <summary>Key of a browser context's grain: <c>tenant/b/session</c>.</summary>
public readonly record struct BrowserKey(TenantId Tenant, string Session)
{
    /// <summary>The context of a caller that names none.</summary>
    public const string DefaultSession = "default";

    /// <summary>Of a session's name, in characters.</summary>
    public const int MaxSessionLength = 64;

    private const string Middle = "/b/";

    /// <summary>1 to 64 of <c>A-Za-z0-9._-</c>, so that the id of a conversation is a name too.</summary>
    public static bool IsSession(string name) =>
        name.Length is > 0 and <= MaxSessionLength && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <exception cref="FormatException">The text is not a browser context's key.</exception>
    public static BrowserKey Parse(string key)
    {
        var at = key.IndexOf(Middle, StringComparison.Ordinal);
        return at > 0 && TenantId.TryParse(key[..at], out var tenant) && IsSession(key[(at + Middle.Length)..])
            ? new BrowserKey(tenant, key[(at + Middle.Length)..])
            : throw new FormatException($"'{key}' is not a browser context's key; it must read tenant/b/session.");
    }

    public override string ToString() => string.Concat(Tenant.Value, Middle, Session);
}
