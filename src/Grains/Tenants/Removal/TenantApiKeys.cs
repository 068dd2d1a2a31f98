using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Grains.Tenants.Removal;

/// <summary>API keys: their grains' states, and the rows that list them.</summary>
internal sealed class TenantApiKeys(ITenantIndex index, IGrainFactory grains) : ITenantDataOwner
{
    private const int AtOnce = 32;

    public async Task<bool> RemoveSomeAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var keys = await index.ListApiKeysAsync(tenant, null, AtOnce, cancellationToken);
        await Task.WhenAll(keys.Select(row => grains
            .GetGrain<IApiKeyRecord>(new ApiKeyGrainKey(row.Hash).ToString())
            .Remove(row.Key.KeyId, cancellationToken)));
        return keys.Count > 0;
    }
}
