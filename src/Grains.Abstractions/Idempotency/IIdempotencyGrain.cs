using OpenClaw.Grains.Abstractions.Tenants;
using Orleans.Concurrency;

namespace OpenClaw.Grains.Abstractions.Idempotency;

/// <summary>
/// One idempotency key of one tenant, for every POST except a message's (a session accepts its message and the key in
/// one transaction). Key: <c>tenant/i/&lt;SHA-256 of scope and key&gt;</c>, see <see cref="IdempotencyGrainKey"/>.
/// </summary>
[Alias("OpenClaw.IIdempotencyGrain")]
public interface IIdempotencyGrain : IGrainWithStringKey
{
    /// <summary>
    /// Records the intent durably, or tells what became of an earlier one. While the first request is under way a second
    /// waits for its answer, at most 3 s, then is told that it is in progress: short enough that a call whose silo has died is
    /// soon known to be lost.
    /// </summary>
    /// <param name="key">The caller's key and what it is used for.</param>
    /// <param name="request">Names the HTTP request, so that its second call is not taken for a second request.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    [Alias("Begin"), AlwaysInterleave, Repeatable]
    Task<IdempotencyClaim> Begin(IdempotencyKey key, Guid request, CancellationToken cancellationToken);

    /// <summary>Keeps the answer for 24 h. Durable when the task completes.</summary>
    [Alias("Complete"), AlwaysInterleave, Repeatable]
    Task Complete(StoredAnswer answer, CancellationToken cancellationToken);

    /// <summary>Forgets the intent of <paramref name="request"/>, which was refused before it was accepted.</summary>
    [Alias("Abandon"), AlwaysInterleave, Repeatable]
    Task Abandon(Guid request, CancellationToken cancellationToken);
}

/// <summary>Key of an idempotency grain.</summary>
public readonly record struct IdempotencyGrainKey(TenantId Tenant, string Hash)
{
    private const string Infix = "/i/";

    /// <exception cref="FormatException">The text is not an idempotency grain's key.</exception>
    public static IdempotencyGrainKey Parse(string key)
    {
        var at = key.IndexOf(Infix, StringComparison.Ordinal);
        return at > 0 && TenantId.TryParse(key[..at], out var tenant) && key.Length > at + Infix.Length
            ? new IdempotencyGrainKey(tenant, key[(at + Infix.Length)..])
            : throw new FormatException($"'{key}' is not an idempotency grain's key; it must read tenant/i/hash.");
    }

    public override string ToString() => string.Concat(Tenant.Value, Infix, Hash);
}

/// <summary>An HTTP answer kept for replay. Holds no secret: keys and tickets are replayed without theirs.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.StoredAnswer")]
public sealed record StoredAnswer(
    [property: Id(0)] int Status,
    [property: Id(1)] string? Location,
    [property: Id(2)] JsonPayload Body);

[GenerateSerializer, Immutable, Alias("OpenClaw.IdempotencyClaim")]
public sealed record IdempotencyClaim(
    [property: Id(0)] IdempotencyOutcome Outcome,
    [property: Id(1)] StoredAnswer? Answer = null);

[GenerateSerializer, Alias("OpenClaw.IdempotencyOutcome")]
public enum IdempotencyOutcome
{
    /// <summary>The intent is recorded: do the work, then complete or abandon it.</summary>
    Started,

    /// <summary>The first answer is in the claim.</summary>
    Replay,

    /// <summary>The key was used with another body: 409.</summary>
    Mismatch,

    /// <summary>An earlier intent has no result: 409 <c>outcome unknown</c>, never run again.</summary>
    OutcomeUnknown,

    /// <summary>The first request is still under way.</summary>
    InProgress,
}
