using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Webhooks;

/// <summary>The delivery as it is now, or why nothing was done.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.WebhookDeliveryResult")]
public sealed record WebhookDeliveryResult([property: Id(0)] WebhookDelivery? Delivery, [property: Id(1)] Problem? Problem);
