using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Webhooks;

/// <summary>A page of deliveries, the newest first.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.WebhookDeliveryPage")]
public sealed record WebhookDeliveryPage
{
    [Id(0)] public IReadOnlyList<WebhookDelivery> Deliveries { get; init; } = [];

    [Id(1)] public string? NextCursor { get; init; }

    [Id(2)] public Problem? Problem { get; init; }
}
