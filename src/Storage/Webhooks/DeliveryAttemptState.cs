using OpenClaw.Grains.Abstractions.Webhooks;

namespace OpenClaw.Storage.Webhooks;

/// <summary>How an attempt went, and what follows of it.</summary>
public sealed record DeliveryAttemptState
{
    public required WebhookDeliveryStatus Status { get; init; }

    /// <summary>With <see cref="WebhookDeliveryStatus.Pending"/> alone.</summary>
    public DateTimeOffset? NextAt { get; init; }

    public required DateTimeOffset At { get; init; }

    public int? ResponseStatus { get; init; }

    public string? ResponseBody { get; init; }

    /// <inheritdoc cref="WebhookDeliveryState.Error"/>
    public string? Error { get; init; }
}
