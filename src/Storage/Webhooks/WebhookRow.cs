namespace OpenClaw.Storage.Webhooks;

/// <summary>A webhook as its list has it.</summary>
public sealed record WebhookRow(string WebhookId, DateTimeOffset CreatedAt);
