using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Webhooks;

/// <summary>The webhook as it is now, or why nothing was changed.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.WebhookChanged")]
public sealed record WebhookChanged([property: Id(0)] WebhookInfo? Webhook, [property: Id(1)] Problem? Problem);
