using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Approvals;

/// <summary>
/// Tenants' policies as this silo knows them, never older than a second when a call is checked. One that cannot be looked up is
/// waited for, for half a minute: no call runs under one that is merely supposed.
/// </summary>
internal sealed partial class TenantToolPolicies(IGrainFactory grains, TimeProvider time, ILogger<TenantToolPolicies> logger)
{
    private const int MaxKnown = 10_000;
    private const int MaxAttempts = 12;

    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(900);
    private static readonly TimeSpan LookupTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly ConcurrentDictionary<TenantId, Known> _known = new();

    /// <param name="tenant">Whose.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The policy, one that allows everything for a tenant that has none; null when it could not be looked up.</returns>
    public async ValueTask<ToolPolicy?> GetAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(tenant, out var known) && time.GetElapsedTime(known.At) < MaxAge) return known.Policy;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var asked = time.GetTimestamp();
            try
            {
                // With the limits: a silo of the version before answers as well, and knows of none.
                var limits = await grains.GetTenant(new TenantKey(tenant)).GetLimits(CancellationToken.None).WaitAsync(LookupTime, time, cancellationToken);
                var policy = limits?.ToolPolicy ?? ToolPolicy.Empty;
                if (_known.Count >= MaxKnown) _known.Clear();
                _known[tenant] = new Known(policy, asked);
                return policy;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                LogLookupFailed(failure);
            }

            await Task.Delay(Pause, time, cancellationToken);
        }

        return null;
    }

    [LoggerMessage(4020, LogLevel.Warning, "A tenant's tool policy could not be looked up; its calls wait, and do not run")]
    private partial void LogLookupFailed(Exception exception);

    /// <summary>As old as the question, not the answer.</summary>
    private sealed record Known(ToolPolicy Policy, long At);
}
