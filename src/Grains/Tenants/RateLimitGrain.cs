using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions;

namespace OpenClaw.Grains.Tenants;

/// <summary>
/// One tenant's sliding minute of one class. The limit is the tenant grain's, looked up beside the requests: under load
/// none of them waits for it, and none is judged by one that is a second old.
/// </summary>
[GrainType("rate-limit")]
internal sealed partial class RateLimitGrain : Grain, IRateLimitGrain
{
    private const int WindowSeconds = 60;

    /// <summary>A limit this old is looked up again, while requests go on under the old one.</summary>
    private static readonly TimeSpan RefreshAge = TimeSpan.FromMilliseconds(500);

    /// <summary>A limit this old is looked up before the next request: a change is in force within a second.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromMilliseconds(900);

    /// <summary>How long a request waits for the tenant grain before it goes on under the limit known last.</summary>
    private static readonly TimeSpan MaxLookup = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _time;
    private readonly ILogger<RateLimitGrain> _logger;
    private readonly RateLimitKey _key;
    private readonly ITenantGrain _tenant;
    private readonly TenantLimits _defaults;
    private readonly SlidingWindow _window;
    private int _limit;
    private long _limitAt;
    private Task _lookup = Task.CompletedTask;

    public RateLimitGrain(TimeProvider time, IOptions<LimitOptions> defaults, ILogger<RateLimitGrain> logger)
    {
        _time = time;
        _logger = logger;
        _key = RateLimitKey.Parse(this.GetPrimaryKeyString());
        _tenant = GrainFactory.GetTenant(new TenantKey(_key.Tenant));
        _defaults = defaults.Value.ToLimits();
        _limit = LimitOf(_defaults);
        // Tickets of an earlier activation, on whatever silo, are lower or far higher with a probability near 1.
        _window = new SlidingWindow(WindowSeconds * time.TimestampFrequency, Random.Shared.NextInt64(long.MaxValue / 2));
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken) => LookUpAsync();

    public Task<RateLimitDecision> Acquire()
    {
        var now = _time.GetTimestamp();
        var age = _time.GetElapsedTime(_limitAt, now);
        if (age >= MaxAge)
            return LookUpAndDecideAsync();
        if (age >= RefreshAge && _lookup.IsCompleted)
            _lookup = LookUpAsync();
        return Task.FromResult(Decide(now));
    }

    public Task Refresh() => _lookup = LookUpAsync();

    public Task Release(long ticket)
    {
        _window.Release(ticket);
        return Task.CompletedTask;
    }

    private async Task<RateLimitDecision> LookUpAndDecideAsync()
    {
        if (_lookup.IsCompleted)
            _lookup = LookUpAsync();
        await _lookup;
        return Decide(_time.GetTimestamp());
    }

    private RateLimitDecision Decide(long now)
    {
        var ticket = _window.TryAcquire(now, _limit);
        // A request that was counted leaves the window last.
        var reset = ticket is null ? SecondsOf(_window.UntilNext(now, _limit)) : WindowSeconds;
        return new RateLimitDecision(ticket is not null, ticket ?? 0, _limit, Math.Max(0, _limit - _window.Count), reset);
    }

    private int SecondsOf(long duration) =>
        (int)Math.Clamp((duration + _time.TimestampFrequency - 1) / _time.TimestampFrequency, 1, WindowSeconds);

    /// <summary>Never throws: a tenant grain that cannot be asked leaves the limit known last in force.</summary>
    private async Task LookUpAsync()
    {
        var asked = _time.GetTimestamp();
        try
        {
            var limits = await _tenant.GetLimits(CancellationToken.None).WaitAsync(MaxLookup, _time);
            _limit = LimitOf(limits ?? _defaults);
        }
        catch (Exception exception)
        {
            LogLookupFailed(exception, _limit);
        }

        // As old as the question, not the answer: the tenant grain may have changed it right after answering.
        _limitAt = asked;
    }

    private int LimitOf(TenantLimits limits) => _key.Class switch
    {
        RateLimitClass.Messages => limits.MessagesPerMinute,
        RateLimitClass.Skills => limits.SkillsPerMinute,
        _ => limits.FilesPerMinute,
    };

    [LoggerMessage(4000, LogLevel.Warning, "A tenant's limits could not be looked up; {Limit} a minute stays in force")]
    private partial void LogLookupFailed(Exception exception, int limit);
}
