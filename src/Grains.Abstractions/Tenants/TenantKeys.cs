namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>Key of a tenant grain: <c>tenant/</c>.</summary>
public readonly record struct TenantKey(TenantId Tenant)
{
    /// <exception cref="FormatException">The text is not a tenant's key.</exception>
    public static TenantKey Parse(string key) => key.EndsWith('/') && TenantId.TryParse(key[..^1], out var tenant)
        ? new TenantKey(tenant)
        : throw new FormatException($"'{key}' is not a tenant's key; it must read tenant/.");

    public override string ToString() => string.Concat(Tenant.Value, "/");
}

/// <summary>Key of a rate limit grain: <c>tenant/r/class</c>.</summary>
public readonly record struct RateLimitKey(TenantId Tenant, RateLimitClass Class)
{
    private const string Messages = "/r/messages";
    private const string Skills = "/r/skills";
    private const string Files = "/r/files";

    /// <exception cref="FormatException">The text is not a rate limit's key.</exception>
    public static RateLimitKey Parse(string key)
    {
        var at = key.IndexOf('/', StringComparison.Ordinal);
        if (at < 0 || !TenantId.TryParse(key[..at], out var tenant))
            throw NotAKey(key);
        return new RateLimitKey(tenant, key[at..] switch
        {
            Messages => RateLimitClass.Messages,
            Skills => RateLimitClass.Skills,
            Files => RateLimitClass.Files,
            _ => throw NotAKey(key),
        });
    }

    public override string ToString() => Class switch
    {
        RateLimitClass.Messages => string.Concat(Tenant.Value, Messages),
        RateLimitClass.Skills => string.Concat(Tenant.Value, Skills),
        _ => string.Concat(Tenant.Value, Files),
    };

    private static FormatException NotAKey(string key) =>
        new($"'{key}' is not a rate limit's key; it must read tenant/r/messages, tenant/r/skills or tenant/r/files.");
}

/// <summary>Key of a budget grain: <c>tenant/u</c>.</summary>
public readonly record struct BudgetKey(TenantId Tenant)
{
    private const string Suffix = "/u";

    /// <exception cref="FormatException">The text is not a budget's key.</exception>
    public static BudgetKey Parse(string key) =>
        key.EndsWith(Suffix, StringComparison.Ordinal) && TenantId.TryParse(key[..^Suffix.Length], out var tenant)
            ? new BudgetKey(tenant)
            : throw new FormatException($"'{key}' is not a budget's key; it must read tenant/u.");

    public override string ToString() => string.Concat(Tenant.Value, Suffix);
}

/// <summary>Key of an API key's grain: <c>key/&lt;hash&gt;</c>, the hash being the lower-case hexadecimal SHA-256 of the key.</summary>
public readonly record struct ApiKeyGrainKey(string Hash)
{
    private const string Prefix = "key/";

    /// <exception cref="FormatException">The text is not the key of an API key's grain.</exception>
    public static ApiKeyGrainKey Parse(string key) => key.StartsWith(Prefix, StringComparison.Ordinal) && key.Length > Prefix.Length
        ? new ApiKeyGrainKey(key[Prefix.Length..])
        : throw new FormatException($"'{key}' is not the key of an API key's grain; it must read key/hash.");

    public override string ToString() => string.Concat(Prefix, Hash);
}

/// <summary>Key of a ticket's grain: <c>ticket/&lt;hash&gt;</c>, the hash being the lower-case hexadecimal SHA-256 of the ticket.</summary>
public readonly record struct TicketKey(string Hash)
{
    private const string Prefix = "ticket/";

    /// <exception cref="FormatException">The text is not the key of a ticket's grain.</exception>
    public static TicketKey Parse(string key) => key.StartsWith(Prefix, StringComparison.Ordinal) && key.Length > Prefix.Length
        ? new TicketKey(key[Prefix.Length..])
        : throw new FormatException($"'{key}' is not the key of a ticket's grain; it must read ticket/hash.");

    public override string ToString() => string.Concat(Prefix, Hash);
}

/// <summary>Key of a sign-in's grain: <c>login/&lt;hash&gt;</c>, the hash being the lower-case hexadecimal SHA-256 of the cookie.</summary>
public readonly record struct LoginKey(string Hash)
{
    private const string Prefix = "login/";

    /// <exception cref="FormatException">The text is not the key of a sign-in's grain.</exception>
    public static LoginKey Parse(string key) => key.StartsWith(Prefix, StringComparison.Ordinal) && key.Length > Prefix.Length
        ? new LoginKey(key[Prefix.Length..])
        : throw new FormatException($"'{key}' is not the key of a sign-in's grain; it must read login/hash.");

    public override string ToString() => string.Concat(Prefix, Hash);
}
