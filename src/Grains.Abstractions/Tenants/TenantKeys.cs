namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>Key of a tenant grain: <c>tenant/</c>.</summary>
public readonly record struct TenantKey(TenantId Tenant)
{
    public override string ToString() => string.Concat(Tenant.Value, "/");
}

/// <summary>Key of a rate limit grain: <c>tenant/r/class</c>.</summary>
public readonly record struct RateLimitKey(TenantId Tenant, RateLimitClass Class)
{
    public override string ToString() => Class switch
    {
        RateLimitClass.Messages => string.Concat(Tenant.Value, "/r/messages"),
        RateLimitClass.Skills => string.Concat(Tenant.Value, "/r/skills"),
        _ => string.Concat(Tenant.Value, "/r/files"),
    };
}

/// <summary>Key of an API key's grain: <c>key/&lt;hash&gt;</c>, the hash being the lower-case hexadecimal SHA-256 of the key.</summary>
public readonly record struct ApiKeyGrainKey(string Hash)
{
    public override string ToString() => string.Concat("key/", Hash);
}
