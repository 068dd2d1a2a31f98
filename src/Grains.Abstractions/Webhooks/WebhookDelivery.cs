using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Webhooks;

/// <summary>What a webhook is told of one event, and how that went.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.WebhookDelivery")]
public sealed record WebhookDelivery
{
    [Id(0)] public required string DeliveryId { get; init; }

    /// <summary>The same in all attempts and replays: receivers know by it what they have seen.</summary>
    [Id(1)] public required string EventId { get; init; }

    /// <summary>The event's type.</summary>
    [Id(2)] public required string Event { get; init; }

    [Id(3)] public required WebhookDeliveryStatus Status { get; init; }

    [Id(4)] public required int Attempts { get; init; }

    [Id(5)] public required DateTimeOffset CreatedAt { get; init; }

    [Id(6)] public DateTimeOffset? LastAttemptAt { get; init; }

    /// <summary>Null when it has ended.</summary>
    [Id(7)] public DateTimeOffset? NextAttemptAt { get; init; }

    /// <summary>HTTP status of the last answer, or null when there was none.</summary>
    [Id(8)] public int? ResponseStatus { get; init; }

    /// <summary>The beginning of the last answer, at most 4 KiB of it.</summary>
    [Id(9)] public string? ResponseBody { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    [Id(10)] public LocalizedText? Error { get; init; }

    /// <summary>What is sent; empty where it was not asked for, or is no longer there.</summary>
    [Id(11)] public JsonPayload Payload { get; init; }
}
