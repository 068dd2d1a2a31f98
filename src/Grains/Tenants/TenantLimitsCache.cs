using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tenants;

/// <summary>
/// Tenants' limits as this silo knows them, never older than a second when they are asked for. A busy tenant's are looked up
/// twice a second beside its turns, and none of them waits.
/// </summary>
internal sealed partial class TenantLimitsCache(
    IGrainFactory grains, IOptions<LimitOptions> defaults, TimeProvider time, ILogger<TenantLimitsCache> logger)
{
    /// <summary>Limits this old are looked up again, while turns go on under the old ones.</summary>
    private static readonly TimeSpan RefreshAge = TimeSpan.FromMilliseconds(500);

    /// <summary>Limits this old are looked up before they are used.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(900);

    /// <summary>How long the tenant grain is waited for before the limits known last are used.</summary>
    private static readonly TimeSpan MaxLookup = TimeSpan.FromMilliseconds(500);

    /// <summary>Tenants that were not asked for so long are forgotten.</summary>
    private static readonly TimeSpan ForgetAge = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<TenantId, Entry> _entries = new();
    private readonly TenantLimits _defaults = defaults.Value.ToLimits();
    private long _sweptAt = time.GetTimestamp();

    /// <summary>The limits in force; the configured defaults for a tenant that does not exist (any more).</summary>
    public ValueTask<TenantLimits> GetAsync(TenantId tenant)
    {
        var entry = _entries.GetOrAdd(tenant, static (_, defaults) => new Entry(defaults), _defaults);
        var known = entry.Known;
        if (known.At is { } at)
        {
            var age = time.GetElapsedTime(at);
            if (age < MaxAge)
            {
                if (age >= RefreshAge) _ = LookUpAsync(tenant, entry);
                return ValueTask.FromResult(known.Limits);
            }
        }

        return new ValueTask<TenantLimits>(LookUpAsync(tenant, entry));
    }

    private Task<TenantLimits> LookUpAsync(TenantId tenant, Entry entry)
    {
        lock (entry)
        {
            if (entry.Lookup is { IsCompleted: false } running) return running;
            Sweep();
            // Off the asking activation's scheduler: others wait for the answer too, and it may be gone by then.
            return entry.Lookup = Task.Run(() => AskAsync(tenant, entry));
        }
    }

    /// <summary>Never throws: a tenant grain that cannot be asked leaves the limits known last in force.</summary>
    private async Task<TenantLimits> AskAsync(TenantId tenant, Entry entry)
    {
        var asked = time.GetTimestamp();
        var limits = entry.Known.Limits;
        try
        {
            limits = await grains.GetTenant(new TenantKey(tenant)).GetLimits(CancellationToken.None).WaitAsync(MaxLookup, time) ?? _defaults;
        }
        catch (Exception exception)
        {
            LogLookupFailed(exception);
        }

        entry.Known = new KnownLimits(limits, asked);
        return limits;
    }

    private void Sweep()
    {
        var now = time.GetTimestamp();
        if (time.GetElapsedTime(_sweptAt, now) < ForgetAge) return;
        _sweptAt = now;
        foreach (var (tenant, entry) in _entries)
        {
            if (entry.Known.At is { } at && time.GetElapsedTime(at, now) > ForgetAge) _entries.TryRemove(tenant, out _);
        }
    }

    [LoggerMessage(4001, LogLevel.Warning, "A tenant's limits could not be looked up; those known last stay in force")]
    private partial void LogLookupFailed(Exception exception);

    /// <summary><c>At</c> is null before the first look-up; as old as the question, not the answer.</summary>
    private sealed record KnownLimits(TenantLimits Limits, long? At);

    private sealed class Entry(TenantLimits defaults)
    {
        private volatile KnownLimits _known = new(defaults, null);

        public KnownLimits Known
        {
            get => _known;
            set => _known = value;
        }

        public Task<TenantLimits>? Lookup { get; set; }
    }
}
