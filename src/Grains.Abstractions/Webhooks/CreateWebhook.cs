namespace OpenClaw.Grains.Abstractions.Webhooks;

/// <summary>A webhook to be.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.CreateWebhook")]
public sealed record CreateWebhook
{
    /// <summary>The type of the events that it is told of, or <see cref="AllEvents"/>.</summary>
    [Id(0)] public required string Event { get; init; }

    [Id(1)] public required string Url { get; init; }

    /// <summary>See <see cref="WebhookSecret"/>.</summary>
    [Id(2)] public required string Secret { get; init; }

    public const string AllEvents = "*";

    /// <summary>Not even by accident in a log.</summary>
    public override string ToString() => $"{nameof(CreateWebhook)} {{ {Event}, {Url} }}";
}
