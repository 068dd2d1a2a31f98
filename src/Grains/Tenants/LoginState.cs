namespace OpenClaw.Grains.Tenants;

/// <summary>A browser's sign-in as it is stored.</summary>
internal sealed record LoginState
{
    /// <summary>Null: there is no such sign-in.</summary>
    public string? KeyHash { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }
}
