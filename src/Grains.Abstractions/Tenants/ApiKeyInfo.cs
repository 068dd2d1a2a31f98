using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>An API key without its secret.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.ApiKeyInfo")]
public sealed record ApiKeyInfo
{
    [Id(0)] public required string KeyId { get; init; }

    [Id(1)] public required string TenantId { get; init; }

    [Id(2)] public required string Name { get; init; }

    [Id(3)] public required Scopes Scopes { get; init; }

    [Id(4)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Refused from then on; null never expires.</summary>
    [Id(5)] public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>A page of keys. <c>NextCursor</c> is null on the last page; an unreadable cursor gives a <c>Problem</c>.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.ApiKeyPage")]
public sealed record ApiKeyPage(
    [property: Id(0)] IReadOnlyList<ApiKeyInfo> Keys,
    [property: Id(1)] string? NextCursor,
    [property: Id(2)] Problem? Problem = null);
