using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Webhooks;

namespace OpenClaw.Storage.Webhooks;

/// <summary>
/// Lists the webhooks that grain state defines (a row goes in before the state and comes out after it; the numbering of events
/// makes deliveries by it), and keeps the record of deliveries.
/// </summary>
public interface IWebhookStore
{
    /// <summary>Adds the row of a webhook: from then on events are delivered to it. False when the tenant has as many as it may.</summary>
    /// <remarks>Silos that add at the same moment may each find the last place free.</remarks>
    Task<bool> AddAsync(WebhookKey webhook, string eventType, DateTimeOffset createdAt, int most, CancellationToken cancellationToken);

    /// <summary>Events make no more deliveries to it.</summary>
    Task DisableAsync(WebhookKey webhook, CancellationToken cancellationToken);

    Task RemoveAsync(WebhookKey webhook, CancellationToken cancellationToken);

    /// <summary>By creation, the newest first, before the position given.</summary>
    ValueTask<IReadOnlyList<WebhookRow>> ListAsync(
        TenantId tenant, DateTimeOffset before, string beforeId, int limit, CancellationToken cancellationToken);

    /// <summary>Webhooks of all tenants with a delivery that was due at a time, in the order of their keys after the one given.</summary>
    ValueTask<IReadOnlyList<WebhookKey>> ListOverdueAsync(WebhookKey? after, DateTimeOffset at, int limit, CancellationToken cancellationToken);

    /// <summary>Deliveries that wait, the earliest due first, whether or not they are due.</summary>
    ValueTask<IReadOnlyList<DueDelivery>> ListNextAsync(WebhookKey webhook, int limit, CancellationToken cancellationToken);

    /// <summary>How many deliveries wait.</summary>
    ValueTask<long> CountPendingAsync(WebhookKey webhook, CancellationToken cancellationToken);

    /// <summary>Deliveries of events below a number, the newest first.</summary>
    ValueTask<IReadOnlyList<WebhookDeliveryState>> ListDeliveriesAsync(
        WebhookKey webhook, long belowSeq, int limit, CancellationToken cancellationToken);

    ValueTask<WebhookDeliveryState?> FindDeliveryAsync(WebhookKey webhook, long seq, CancellationToken cancellationToken);

    /// <summary>The delivery of an event that has a number above one given.</summary>
    ValueTask<WebhookDeliveryState?> FindDeliveryAsync(WebhookKey webhook, string eventId, long aboveSeq, CancellationToken cancellationToken);

    /// <summary>Records an attempt. False when the delivery does not wait any more, or another attempt has been recorded meanwhile.</summary>
    Task<bool> EndAttemptAsync(WebhookKey webhook, DueDelivery delivery, DeliveryAttemptState attempt, CancellationToken cancellationToken);

    /// <summary>Has a delivery wait anew, as if it had never been tried. False when there is none.</summary>
    Task<bool> ReplayAsync(WebhookKey webhook, long seq, DateTimeOffset dueAt, CancellationToken cancellationToken);

    /// <summary>Ends a bounded piece of what waits as failed. False when nothing waits any more.</summary>
    Task<bool> FailSomeAsync(WebhookKey webhook, string error, CancellationToken cancellationToken);

    /// <summary>Removes a bounded piece of a webhook's deliveries. False when there is none left.</summary>
    Task<bool> RemoveSomeDeliveriesAsync(WebhookKey webhook, CancellationToken cancellationToken);

    /// <summary>Removes a bounded piece of a tenant's deliveries. False when there is none left.</summary>
    Task<bool> RemoveSomeDeliveriesAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>Removes a bounded piece of the deliveries that have ended and were made before a time. Tells how many.</summary>
    Task<int> PurgeDeliveriesAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);
}
