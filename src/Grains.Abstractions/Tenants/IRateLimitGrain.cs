namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>
/// A tenant's sliding minute of one class, exact over the whole cluster. Key: <see cref="RateLimitKey"/>. In memory: a
/// restart forgets the last minute.
/// </summary>
[Alias("OpenClaw.IRateLimitGrain")]
public interface IRateLimitGrain : IGrainWithStringKey
{
    /// <summary>Counts a request, or refuses it without counting.</summary>
    [Alias("Acquire"), Repeatable, ResponseTimeout("00:00:02")]
    Task<RateLimitDecision> Acquire();

    /// <summary>The tenant's limits have changed: they are in force when the task completes.</summary>
    [Alias("Refresh")]
    Task Refresh();

    /// <summary>Takes back a counted request that turned out to be a replay.</summary>
    [Alias("Release"), Repeatable]
    Task Release(long ticket);
}

/// <summary>What the limiter answered.</summary>
/// <param name="Granted">False: answer 429.</param>
/// <param name="Ticket">Names a granted request for <see cref="IRateLimitGrain.Release"/>.</param>
/// <param name="Limit">Requests in a sliding minute.</param>
/// <param name="Remaining">Requests left now.</param>
/// <param name="ResetSeconds">Seconds until one more request fits (when refused) or until the window is empty (when granted); 1 to 60.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.RateLimitDecision")]
public readonly record struct RateLimitDecision(
    [property: Id(0)] bool Granted,
    [property: Id(1)] long Ticket,
    [property: Id(2)] int Limit,
    [property: Id(3)] int Remaining,
    [property: Id(4)] int ResetSeconds);
