namespace OpenClaw.Grains.Abstractions.Webhooks;

/// <summary>A webhook, without its secret.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.WebhookInfo")]
public sealed record WebhookInfo
{
    [Id(0)] public required string WebhookId { get; init; }

    /// <inheritdoc cref="CreateWebhook.Event"/>
    [Id(1)] public required string Event { get; init; }

    [Id(2)] public required string Url { get; init; }

    [Id(3)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether it is told of events.</summary>
    [Id(4)] public required bool Enabled { get; init; }

    /// <summary><see cref="Gone"/>, or null while it is enabled.</summary>
    [Id(5)] public string? DisabledReason { get; init; }

    /// <summary>Deliveries that wait for an attempt.</summary>
    [Id(6)] public long Pending { get; init; }

    /// <summary>Its receiver answered 410.</summary>
    public const string Gone = "gone";
}
