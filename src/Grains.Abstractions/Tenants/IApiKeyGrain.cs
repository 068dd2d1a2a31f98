namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>One API key, found by its hash. Key: <see cref="ApiKeyGrainKey"/>. The key itself is never stored.</summary>
[Alias("OpenClaw.IApiKeyGrain")]
public interface IApiKeyGrain : IGrainWithStringKey
{
    /// <summary>What the key may do, or null when it is unknown, revoked or expired. Front-ends ask again every 500 ms.</summary>
    [Alias("Authenticate"), Repeatable, ResponseTimeout("00:00:02")]
    Task<ApiKeyInfo?> Authenticate(CancellationToken cancellationToken);

    /// <summary>Creates the key; it works and is listed once the task completes.</summary>
    [Alias("Create"), Repeatable]
    Task Create(ApiKeyInfo key, CancellationToken cancellationToken);

    /// <summary>Revokes the key for good; durable when the task completes.</summary>
    [Alias("Revoke"), Repeatable]
    Task Revoke(CancellationToken cancellationToken);
}
