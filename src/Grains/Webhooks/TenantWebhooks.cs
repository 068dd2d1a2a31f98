using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Grains.Tenants.Removal;
using OpenClaw.Storage.Webhooks;

namespace OpenClaw.Grains.Webhooks;

/// <summary>A deleted tenant's webhooks: their grains' states with the secrets, the rows that list them, their deliveries.</summary>
internal sealed class TenantWebhooks(IWebhookStore store, IGrainFactory grains) : ITenantDataOwner
{
    private const int AtOnce = 32;

    public async Task<bool> RemoveSomeAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var webhooks = await store.ListAsync(tenant, DateTimeOffset.MaxValue, "", AtOnce, cancellationToken);
        if (webhooks.Count == 0) return await store.RemoveSomeDeliveriesAsync(tenant, cancellationToken);
        await Task.WhenAll(webhooks.Select(row => grains.GetWebhook(new WebhookKey(tenant, row.WebhookId)).Delete(cancellationToken)));
        return true;
    }
}
