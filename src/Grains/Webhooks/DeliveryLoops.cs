using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Webhooks;

namespace OpenClaw.Grains.Webhooks;

/// <summary>Makes the loops of this silo's webhooks: they share its slots and connections.</summary>
internal sealed class DeliveryLoops(IWebhookStore store, IEventLog events, WebhookSender sender, WebhookSlots slots, TimeProvider time)
{
    public DeliveryLoop Create(WebhookKey webhook, Action<string> attempted) =>
        new(webhook.Tenant, new DeliveryWork(webhook, store, events, sender, time), slots, Random.Shared.NextDouble, time) { Attempted = attempted };
}
