using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.WebFrontend.Tenants;

/// <summary>A tenant.</summary>
internal sealed record TenantResource(string TenantId, string Name, DateTimeOffset CreatedAt)
{
    public static TenantResource Of(TenantInfo tenant) => new(tenant.TenantId, tenant.Name, tenant.CreatedAt);
}

/// <summary>A page of tenants, oldest first.</summary>
internal sealed record TenantListResource(
    IReadOnlyList<TenantResource> Tenants,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);

/// <summary>The answer to the deletion of a tenant.</summary>
internal sealed record DeletedTenantResource(string TenantId, string Status);

/// <summary>An API key. <c>key</c>, the secret, is in the answer to its creation alone.</summary>
internal sealed record ApiKeyResource
{
    public required string KeyId { get; init; }

    public string? Key { get; init; }

    public required string Name { get; init; }

    public required IReadOnlyList<string> Scopes { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public static ApiKeyResource Of(ApiKeyInfo key) => new()
    {
        KeyId = key.KeyId,
        Name = key.Name,
        Scopes = ScopeNames.Of(key.Scopes),
        CreatedAt = key.CreatedAt,
        ExpiresAt = key.ExpiresAt,
    };
}

/// <summary>A page of keys, oldest first.</summary>
internal sealed record ApiKeyListResource(
    IReadOnlyList<ApiKeyResource> Keys,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);

/// <summary>The answer to the deletion of a key.</summary>
internal sealed record DeletedApiKeyResource(string KeyId, string Status);

/// <summary>A tenant's limits in force; null is no limit.</summary>
internal sealed record LimitsResource(
    int MessagesPerMinute,
    int SkillsPerMinute,
    int FilesPerMinute,
    long StorageBytes,
    int ConcurrentTurns,
    int ConcurrentCommands,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? MonthlyTokens,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] decimal? MonthlyCost)
{
    public static LimitsResource Of(TenantLimits limits) => new(
        limits.MessagesPerMinute,
        limits.SkillsPerMinute,
        limits.FilesPerMinute,
        limits.StorageBytes,
        limits.ConcurrentTurns,
        limits.ConcurrentCommands,
        limits.MonthlyTokens,
        limits.MonthlyCost);
}
