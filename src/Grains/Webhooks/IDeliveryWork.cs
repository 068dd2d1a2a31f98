using OpenClaw.Storage.Webhooks;

namespace OpenClaw.Grains.Webhooks;

/// <summary>What delivering to one webhook is made of.</summary>
internal interface IDeliveryWork
{
    /// <inheritdoc cref="IWebhookStore.ListNextAsync"/>
    ValueTask<IReadOnlyList<DueDelivery>> ListNextAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Makes one attempt. Whatever the receiver does is an answer.</summary>
    Task<DeliveryAnswer> SendAsync(DueDelivery delivery, WebhookTarget target, CancellationToken cancellationToken);

    /// <inheritdoc cref="IWebhookStore.EndAttemptAsync"/>
    Task<bool> EndAttemptAsync(DueDelivery delivery, DeliveryAttemptState attempt);
}
