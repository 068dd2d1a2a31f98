using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Webhooks;

/// <summary>A page of webhooks, the newest first.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.WebhookPage")]
public sealed record WebhookPage
{
    [Id(0)] public IReadOnlyList<WebhookInfo> Webhooks { get; init; } = [];

    [Id(1)] public string? NextCursor { get; init; }

    [Id(2)] public Problem? Problem { get; init; }
}
