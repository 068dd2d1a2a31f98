namespace OpenClaw.Storage.Idempotency;

/// <summary>An idempotency key in use. Primary key: tenant, scope, key.</summary>
public sealed record IdempotencyState
{
    public required string Tenant { get; init; }

    /// <summary>Method and path.</summary>
    public required string Scope { get; init; }

    public required string Key { get; init; }

    /// <summary>SHA-256 of the body, lower-case hexadecimal.</summary>
    public required string Fingerprint { get; init; }

    /// <summary>The answer as the owner encoded it; null while only the intent is recorded.</summary>
    public byte[]? Result { get; init; }

    /// <summary>The row counts no more from then on (24 h after the first request).</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
