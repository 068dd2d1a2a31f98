using OpenClaw.Grains.Abstractions.Webhooks;
using Orleans.Concurrency;

namespace OpenClaw.Grains.Webhooks;

/// <summary>The delivering side of a webhook. Key: <see cref="WebhookKey"/>.</summary>
[Alias("OpenClaw.IWebhookDeliveries")]
internal interface IWebhookDeliveries : IGrainWithStringKey
{
    /// <summary>There is something to deliver.</summary>
    [Alias("Deliver"), OneWay, AlwaysInterleave]
    Task Deliver();
}
