using OpenClaw.Grains.Abstractions.Webhooks;

namespace OpenClaw.Storage.Webhooks;

/// <summary>The record of a delivery.</summary>
public sealed record WebhookDeliveryState
{
    /// <summary>The event's number.</summary>
    public required long Seq { get; init; }

    public required string EventId { get; init; }

    public required string Type { get; init; }

    /// <summary>Empty when the event is of no session.</summary>
    public required string SessionId { get; init; }

    public required WebhookDeliveryStatus Status { get; init; }

    public required int Attempts { get; init; }

    /// <summary>Null when it has ended.</summary>
    public DateTimeOffset? NextAt { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? AttemptedAt { get; init; }

    public int? ResponseStatus { get; init; }

    public string? ResponseBody { get; init; }

    /// <summary>Name of the reason why the last attempt failed.</summary>
    public string? Error { get; init; }
}
