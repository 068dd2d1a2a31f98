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
    public static SessionKey Parse(string key) => TryParse(key, out var parsed)
        ? parsed
        : throw new FormatException($"'{key}' is not a session key; it must read tenant/s/session.");

    public static bool TryParse(string key, out SessionKey parsed)
    {
        var at = key.IndexOf(Infix, StringComparison.Ordinal);
        var valid = at > 0 && TenantId.TryParse(key[..at], out _) && key.Length > at + Infix.Length;
        parsed = valid ? new SessionKey(TenantId.Parse(key[..at]), key[(at + Infix.Length)..]) : default;
        return valid;
    }

    public override string ToString() => string.Concat(Tenant.Value, Infix, SessionId);
}
