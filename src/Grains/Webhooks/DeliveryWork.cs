using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Webhooks;

namespace OpenClaw.Grains.Webhooks;

/// <inheritdoc/>
internal sealed class DeliveryWork(WebhookKey webhook, IWebhookStore store, IEventLog events, WebhookSender sender, TimeProvider time) : IDeliveryWork
{
    public ValueTask<IReadOnlyList<DueDelivery>> ListNextAsync(int limit, CancellationToken cancellationToken) =>
        store.ListNextAsync(webhook, limit, cancellationToken);

    public async Task<DeliveryAnswer> SendAsync(DueDelivery delivery, WebhookTarget target, CancellationToken cancellationToken)
    {
        if (await events.FindAsync(webhook.Tenant, delivery.Seq, cancellationToken) is not { } told) return new DeliveryAnswer(DeliveryFailure.Forgotten);
        var began = time.GetTimestamp();
        var answer = await sender.SendAsync(target.Url, target.Key, delivery.EventId, WebhookMessage.Of(told), cancellationToken);
        WebhookMetrics.Record(answer, time.GetElapsedTime(began));
        return answer;
    }

    /// <remarks>What has been sent is recorded, whoever leaves meanwhile.</remarks>
    public Task<bool> EndAttemptAsync(DueDelivery delivery, DeliveryAttemptState attempt) =>
        store.EndAttemptAsync(webhook, delivery, attempt, CancellationToken.None);
}
