using System.Collections.Concurrent;

namespace OpenClaw.WebFrontend.Streams;

/// <summary>
/// The streams of one kind that this process watches: one subscription for each key, however many connections read it.
/// One timer serves all; without streams it stands still.
/// </summary>
/// <typeparam name="TKey">What a stream is found by, such as its session.</typeparam>
/// <typeparam name="TItem">What the stream carries.</typeparam>
internal sealed class StreamHub<TKey, TItem> : IDisposable
    where TKey : notnull
    where TItem : class
{
    /// <summary>Streams that are subscribed to or renewed at the same time.</summary>
    private const int MaxConcurrency = 64;

    private readonly ConcurrentDictionary<TKey, StreamWatch<TKey, TItem>> _watches = new();
    private readonly SemaphoreSlim _slots = new(MaxConcurrency);
    private readonly Lock _timerLock = new();
    private readonly IStreamSource<TKey, TItem> _source;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private bool _ticking;

    public StreamHub(IStreamSource<TKey, TItem> source, TimeProvider timeProvider, ILogger<StreamHub<TKey, TItem>> logger)
    {
        _source = source;
        _timeProvider = timeProvider;
        _logger = logger;
        _timer = timeProvider.CreateIdleTimer(OnTick);
    }

    /// <summary>Streams watched, those included that wait for a reader to come back.</summary>
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
    /// Joins a stream's readers. The subscription is made behind the caller's back, who may read the log at once: he
    /// is rung when it stands, to read what came in between.
    /// </summary>
    public StreamReader<TItem> Join(TKey key)
    {
        while (true)
        {
            var watch = _watches.GetOrAdd(key, static (key, hub) => new StreamWatch<TKey, TItem>(key, hub._source, hub._timeProvider, hub._logger), this);
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
                _timer.Change(StreamTimes.Tick, StreamTimes.Tick);
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

    private void MaintainIfDue(StreamWatch<TKey, TItem> watch, long now)
    {
        if (watch.Due <= now && watch.TryAcquire())
        {
            // Without the caller's execution context: the hub's calls are nobody's request.
            ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Hub.MaintainAsync(work.Watch), (Hub: this, Watch: watch), preferLocal: true);
        }
    }

    private async Task MaintainAsync(StreamWatch<TKey, TItem> watch)
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
