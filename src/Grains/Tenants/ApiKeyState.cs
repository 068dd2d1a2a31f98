using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tenants;

/// <summary>An API key as it is stored. A revoked one stays, so that it can never be made again.</summary>
internal sealed record ApiKeyState
{
    /// <summary>Null: there has never been such a key.</summary>
    public string? KeyId { get; init; }

    public string TenantId { get; init; } = "";

    public string Name { get; init; } = "";

    /// <summary>The flags of <see cref="Abstractions.Tenants.Scopes"/> as a number.</summary>
    public Scopes Scopes { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }

    public bool Exists() => KeyId is not null && RevokedAt is null;

    public static ApiKeyState Of(ApiKeyInfo key) => new()
    {
        KeyId = key.KeyId,
        TenantId = key.TenantId,
        Name = key.Name,
        Scopes = key.Scopes,
        CreatedAt = key.CreatedAt,
        ExpiresAt = key.ExpiresAt,
    };

    public ApiKeyInfo ToInfo() => new()
    {
        KeyId = KeyId!,
        TenantId = TenantId,
        Name = Name,
        Scopes = Scopes,
        CreatedAt = CreatedAt,
        ExpiresAt = ExpiresAt,
    };
}
