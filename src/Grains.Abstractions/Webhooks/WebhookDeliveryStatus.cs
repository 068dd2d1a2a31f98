namespace OpenClaw.Grains.Abstractions.Webhooks;

/// <summary>Where a delivery is.</summary>
[GenerateSerializer, Alias("OpenClaw.WebhookDeliveryStatus")]
public enum WebhookDeliveryStatus
{
    /// <summary>It waits for its first or next attempt.</summary>
    Pending,

    /// <summary>The receiver answered 2xx.</summary>
    Delivered,

    /// <summary>No attempt is left, or the webhook is disabled.</summary>
    Failed,
}
