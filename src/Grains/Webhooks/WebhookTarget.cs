namespace OpenClaw.Grains.Webhooks;

/// <summary>Where deliveries go.</summary>
/// <param name="Url">The receiver's.</param>
/// <param name="Key">Signs them.</param>
internal sealed record WebhookTarget(Uri Url, byte[] Key);
