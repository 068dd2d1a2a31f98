using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tenants;

/// <summary>One ticket, which lives as long as this activation at most.</summary>
[GrainType("ticket"), CollectionAgeLimit(Minutes = 2)]
internal sealed class TicketGrain(TimeProvider time) : Grain, ITicketGrain
{
    private string? _keyHash;
    private DateTimeOffset _expiresAt;

    public Task Issue(string keyHash, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        (_keyHash, _expiresAt) = (keyHash, expiresAt);
        return Task.CompletedTask;
    }

    public Task<string?> Redeem(CancellationToken cancellationToken)
    {
        // Made-up tickets must not fill the memory with activations either.
        DeactivateOnIdle();
        var keyHash = _expiresAt > time.GetUtcNow() ? _keyHash : null;
        _keyHash = null;
        return Task.FromResult(keyHash);
    }
}
