using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Abstractions.Skills;

/// <summary>Key of a tenant's catalog of skills: <c>tenant/k</c>.</summary>
public readonly record struct SkillCatalogKey(TenantId Tenant)
{
    private const string End = "/k";

    /// <exception cref="FormatException">The text is not a catalog's key.</exception>
    public static SkillCatalogKey Parse(string key) => key.EndsWith(End, StringComparison.Ordinal) && TenantId.TryParse(key[..^End.Length], out var tenant)
        ? new SkillCatalogKey(tenant)
        : throw new FormatException($"'{key}' is not the key of a catalog of skills; it must read tenant/k.");

    public override string ToString() => Tenant.Value + End;
}

/// <summary>Key of an installed skill's grain: <c>tenant/k/name</c>.</summary>
public readonly record struct SkillKey(TenantId Tenant, string Name)
{
    private const string Middle = "/k/";

    /// <exception cref="FormatException">The text is not a skill's key.</exception>
    public static SkillKey Parse(string key)
    {
        var at = key.IndexOf(Middle, StringComparison.Ordinal);
        return at > 0 && TenantId.TryParse(key[..at], out var tenant) && KeyNames.IsName(key[(at + Middle.Length)..])
            ? new SkillKey(tenant, key[(at + Middle.Length)..])
            : throw new FormatException($"'{key}' is not a skill's key; it must read tenant/k/name.");
    }

    public override string ToString() => string.Concat(Tenant.Value, Middle, Name);
}

/// <summary>Key of one execution's grain: <c>tenant/x/run</c>.</summary>
public readonly record struct SkillRunKey(TenantId Tenant, string RunId)
{
    private const string Middle = "/x/";

    /// <summary>The key of an execution that is to be.</summary>
    public static SkillRunKey New(TenantId tenant) => new(tenant, $"run-{Guid.NewGuid():n}");

    /// <exception cref="FormatException">The text is not an execution's key.</exception>
    public static SkillRunKey Parse(string key)
    {
        var at = key.IndexOf(Middle, StringComparison.Ordinal);
        return at > 0 && TenantId.TryParse(key[..at], out var tenant) && KeyNames.IsName(key[(at + Middle.Length)..])
            ? new SkillRunKey(tenant, key[(at + Middle.Length)..])
            : throw new FormatException($"'{key}' is not an execution's key; it must read tenant/x/run.");
    }

    public override string ToString() => string.Concat(Tenant.Value, Middle, RunId);
}
