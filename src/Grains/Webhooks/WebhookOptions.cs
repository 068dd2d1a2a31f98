using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Grains.Webhooks;

/// <summary>Limits of a tenant's webhooks. Section <c>OpenClaw:Webhooks</c>.</summary>
public sealed class WebhookOptions
{
    public const string Section = "OpenClaw:Webhooks";

    /// <summary>Webhooks of a tenant; one more is refused. Each event is sent to every one that wants it.</summary>
    [Range(1, 1000)]
    public int MaxWebhooks { get; set; } = 50;
}
