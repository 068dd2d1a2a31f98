using System.Collections.Concurrent;
using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>
/// The streams that this process watches: one subscription for each session, however many connections read it. One
/// timer serves all; without sessions it stands still.
/// </summary>
internal sealed class SessionStreamHub : IDisposable
{
    /// <summary>How often what is due is looked for.</summary>
    internal static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(500);

    /// <summary>Sessions that are subscribed to or renewed at the same time.</summary>
    private const int MaxConcurrency = 64;

    private readonly ConcurrentDictionary<SessionKey, SessionStreamWatch> _watches = new();
    private readonly SemaphoreSlim _slots = new(MaxConcurrency);
    private readonly Lock _timerLock = new();
    private readonly IClusterClient _client;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger<SessionStreamHub> _logger;
    private readonly ITimer _timer;
    private bool _ticking;

    public SessionStreamHub(IClusterClient client, TimeProvider timeProvider, ILogger<SessionStreamHub> logger)
    {
        _client = client;
        _timeProvider = timeProvider;
        _logger = logger;
        using (ExecutionContext.IsFlowSuppressed() ? default(AsyncFlowControl?) : ExecutionContext.SuppressFlow())
        {
            _timer = timeProvider.CreateTimer(static hub => ((SessionStreamHub)hub!).OnTick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        }
    }

    /// <summary>Sessions watched, those included that wait for a reader to come back.</summary>
    public int Count => _watches.Count;

    /// <summary>False while there is nothing to look after.</summary>
    internal bool IsTicking
    {
        get
        {
            lock (_timerLock)
            {
                return _ticking;
            }
        }
    }

    /// <summary>True while no watch is being looked after.</summary>
    internal bool IsIdle => _slots.CurrentCount == MaxConcurrency;

    /// <summary>
    /// Joins a session's readers. The subscription is made behind the caller's back, who may read the log at once: he
    /// is rung when it stands, to read what came in between.
    /// </summary>
    public SessionStreamReader Join(SessionKey key)
    {
        while (true)
        {
            var watch = _watches.GetOrAdd(key, static (key, hub) => new SessionStreamWatch(key, hub._client, hub._timeProvider, hub._logger), this);
            if (watch.TryAdd() is { } reader)
            {
                MaintainIfDue(watch, _timeProvider.GetTimestamp());
                StartTicking();
                return reader;
            }

            _watches.TryRemove(KeyValuePair.Create(key, watch));
        }
    }

    /// <summary>Nothing is looked after any more. The slots are left alone, since calls under way give theirs back.</summary>
    public void Dispose() => _timer.Dispose();

    private void StartTicking()
    {
        lock (_timerLock)
        {
            if (!_ticking)
            {
                _ticking = true;
                _timer.Change(Tick, Tick);
            }
        }
    }

    private void OnTick()
    {
        lock (_timerLock)
        {
            if (_watches.IsEmpty)
            {
                _ticking = false;
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        var now = _timeProvider.GetTimestamp();
        foreach (var (_, watch) in _watches)
        {
            MaintainIfDue(watch, now);
        }
    }

    private void MaintainIfDue(SessionStreamWatch watch, long now)
    {
        if (watch.Due <= now && watch.TryAcquire())
        {
            // Without the caller's execution context: the hub's calls are nobody's request.
            ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Hub.MaintainAsync(work.Watch), (Hub: this, Watch: watch), preferLocal: true);
        }
    }

    private async Task MaintainAsync(SessionStreamWatch watch)
    {
        await _slots.WaitAsync();
        try
        {
            await watch.MaintainAsync();
            if (watch.IsClosed)
            {
                _watches.TryRemove(KeyValuePair.Create(watch.Key, watch));
            }
        }
        finally
        {
            watch.Release();
            _slots.Release();
        }
    }
}
