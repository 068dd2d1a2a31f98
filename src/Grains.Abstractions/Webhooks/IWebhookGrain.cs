using Orleans.Concurrency;

namespace OpenClaw.Grains.Abstractions.Webhooks;

/// <summary>
/// A tenant's wish to be told of events at a URL, and what is sent there. Key: <see cref="WebhookKey"/>. Its definition is durable
/// when a change completes.
/// </summary>
[Alias("OpenClaw.IWebhookGrain")]
public interface IWebhookGrain : IGrainWithStringKey
{
    /// <summary>Begins it: events that are numbered from now on are delivered. The webhook as it is when it was created before.</summary>
    [Alias("Create"), Repeatable, ResponseTimeout("00:01:30")]
    Task<WebhookChanged> Create(CreateWebhook request, CancellationToken cancellationToken);

    /// <summary>The webhook, or null when there is none.</summary>
    /// <remarks>Interleaves: it is the last that is durable.</remarks>
    [Alias("Get"), AlwaysInterleave, Repeatable]
    Task<WebhookInfo?> Get(CancellationToken cancellationToken);

    /// <summary>The webhook, or null when there is none; then no list names it any more.</summary>
    [Alias("Confirm"), Repeatable]
    Task<WebhookInfo?> Confirm(CancellationToken cancellationToken);

    /// <summary>Ends it: nothing more is sent, and its deliveries are forgotten. False when there is none.</summary>
    [Alias("Delete"), ResponseTimeout("00:01:30")]
    Task<bool> Delete(CancellationToken cancellationToken);

    /// <summary>Its deliveries, the newest first: those that wait, and those of the last 30 days that have ended.</summary>
    [Alias("ListDeliveries"), AlwaysInterleave, Repeatable]
    Task<WebhookDeliveryPage> ListDeliveries(int limit, string? cursor, CancellationToken cancellationToken);

    /// <summary>One of its deliveries, with its payload.</summary>
    [Alias("FindDelivery"), AlwaysInterleave, Repeatable]
    Task<WebhookDeliveryResult> FindDelivery(string deliveryId, CancellationToken cancellationToken);

    /// <summary>Has a delivery sent again, with all its attempts; durable when it completes. Under the same event id.</summary>
    [Alias("Replay"), AlwaysInterleave, Repeatable]
    Task<WebhookDeliveryResult> Replay(string deliveryId, CancellationToken cancellationToken);

    /// <summary>
    /// Delivers an event of type <c>webhook.test</c>. The delivery after its first attempt, or as it is 15 s later.
    /// </summary>
    /// <remarks>Interleaves: other calls do not wait for the receiver.</remarks>
    [Alias("Test"), AlwaysInterleave, ResponseTimeout("00:01:00")]
    Task<WebhookDeliveryResult> Test(CancellationToken cancellationToken);
}
