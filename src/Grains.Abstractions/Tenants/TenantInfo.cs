using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Tenants;

[GenerateSerializer, Immutable, Alias("OpenClaw.TenantInfo")]
public sealed record TenantInfo(
    [property: Id(0)] string TenantId,
    [property: Id(1)] string Name,
    [property: Id(2)] DateTimeOffset CreatedAt);

/// <summary>A page of tenants. <c>NextCursor</c> is null on the last page; an unreadable cursor gives a <c>Problem</c>.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TenantPage")]
public sealed record TenantPage(
    [property: Id(0)] IReadOnlyList<TenantInfo> Tenants,
    [property: Id(1)] string? NextCursor,
    [property: Id(2)] Problem? Problem = null);
