namespace OpenClaw.Grains.Webhooks;

/// <summary>Why nothing more is sent now.</summary>
/// <param name="NextAt">When the next delivery is due; null when none waits.</param>
/// <param name="IsGone">The receiver has answered 410.</param>
internal readonly record struct DeliveryEnd(DateTimeOffset? NextAt, bool IsGone);
