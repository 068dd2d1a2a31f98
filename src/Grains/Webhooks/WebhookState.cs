namespace OpenClaw.Grains.Webhooks;

/// <summary>A webhook as it is stored.</summary>
internal sealed record WebhookState
{
    /// <summary>Null: there is none.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    public string Event { get; init; } = "";

    public string Url { get; init; } = "";

    /// <summary>Protected.</summary>
    public string Secret { get; init; } = "";

    public bool Enabled { get; init; }

    public string? DisabledReason { get; init; }

    public bool Exists() => CreatedAt is not null;
}
