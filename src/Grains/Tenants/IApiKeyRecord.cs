using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tenants;

/// <summary>What the silo itself asks of a key's grain. Key: <see cref="ApiKeyGrainKey"/>.</summary>
[Alias("OpenClaw.IApiKeyRecord")]
internal interface IApiKeyRecord : IGrainWithStringKey
{
    /// <summary>
    /// The key behind a row of the list, expired or not, or null when it was never made or is revoked; the row is removed
    /// then.
    /// </summary>
    [Alias("Confirm")]
    Task<ApiKeyInfo?> Confirm(string keyId, CancellationToken cancellationToken);

    /// <summary>Removes all that is known of the key, its row in the list last. May be repeated.</summary>
    [Alias("Remove")]
    Task Remove(string keyId, CancellationToken cancellationToken);

    /// <summary>
    /// Makes the key, unless it is there. False when it cannot be this key any more: it was revoked, or was made as another.
    /// Durable when the task completes.
    /// </summary>
    [Alias("Adopt")]
    Task<bool> Adopt(ApiKeyInfo key, CancellationToken cancellationToken);
}
