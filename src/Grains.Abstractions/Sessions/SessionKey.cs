using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Abstractions.Sessions;

/// <summary>
/// Key of a session grain: <c>tenant/s/session</c>. Every key holds a <c>/</c>, since Orleans' string keys that look
/// like hexadecimal numbers collide in SQL.
/// </summary>
public readonly record struct SessionKey(TenantId Tenant, string SessionId)
{
    private const string Infix = "/s/";

    /// <exception cref="FormatException">The text is not a session key.</exception>
    public static SessionKey Parse(string key)
    {
        var at = key.IndexOf(Infix, StringComparison.Ordinal);
        return at > 0 && TenantId.TryParse(key[..at], out var tenant) && key.Length > at + Infix.Length
            ? new SessionKey(tenant, key[(at + Infix.Length)..])
            : throw new FormatException($"'{key}' is not a session key; it must read tenant/s/session.");
    }

    public override string ToString() => string.Concat(Tenant.Value, Infix, SessionId);
}
