using Orleans.Streams;

namespace OpenClaw.WebFrontend.Streams;

/// <summary>
/// This process's one subscription to a stream, shared by all connections that read it, and the lease that makes it be
/// published.
/// </summary>
/// <remarks>
/// Subscriptions and leases die silently with the silo that held them. So the log is asked for its head every 10 s,
/// and when a stream that spoke falls silent after 1, 2, 4 and 8 s: a head beyond what the stream has brought rings the
/// readers at once, and if the stream has not brought it a second later, makes a new subscription.
/// The hub roots its watches, and a watch what it subscribed: Orleans itself holds observers weakly.
/// </remarks>
internal sealed partial class StreamWatch<TKey, TItem>(TKey key, IStreamSource<TKey, TItem> source, TimeProvider timeProvider, ILogger logger) : IAsyncObserver<TItem>
    where TKey : notnull
    where TItem : class
{
    private static readonly TimeSpan CallTimeout = TimeSpan.FromSeconds(1.5);

    /// <summary>Doubles with each failure in a row, up to 4 s.</summary>
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _standing = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<TItem, int> _weigh = source.WeightOf;
    private StreamReader<TItem>[] _readers = [];
    private StreamSubscriptionHandle<TItem>? _subscription;
    private TimeSpan _interval = StreamTimes.RenewInterval;
    private long _emptySince;
    private long _due;
    private long _renewBy;
    private long _seen;
    private long _expected;
    private int _failures;
    private int _busy;
    private bool _closed;
    private bool _ended;

    public TKey Key => key;

    /// <summary>When <see cref="MaintainAsync"/> is to be called next, as a timestamp of the clock.</summary>
    public long Due => Volatile.Read(ref _due);

    /// <summary>No reader came back: the watch is over and takes no readers any more.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _closed;
            }
        }
    }

    /// <summary>Null when the watch is closed.</summary>
    public StreamReader<TItem>? TryAdd()
    {
        var reader = new StreamReader<TItem>(_weigh, Remove, _standing.Task);
        lock (_lock)
        {
            if (_closed)
            {
                return null;
            }

            _readers = [.. _readers, reader];
            if (_ended)
            {
                _ended = false;
                _due = 0;
            }

            return reader;
        }
    }

    public void Remove(StreamReader<TItem> reader)
    {
        lock (_lock)
        {
            _readers = Array.FindAll(_readers, other => other != reader);
            if (_readers.Length == 0)
            {
                _emptySince = timeProvider.GetTimestamp();
                _due = Math.Min(_due, After(StreamTimes.EmptyGrace));
            }
        }
    }

    /// <summary>True for the one caller that may call <see cref="MaintainAsync"/>, until <see cref="Release"/>.</summary>
    public bool TryAcquire() => Interlocked.Exchange(ref _busy, 1) == 0;

    public void Release() => Volatile.Write(ref _busy, 0);

    /// <summary>Does what is due: subscribes, renews the lease, finds out what was missed, or closes. Never throws.</summary>
    public async Task MaintainAsync()
    {
        try
        {
            if (TryClose())
            {
                await UnsubscribeAsync(_subscription);
                return;
            }

            if (_ended)
            {
                SetDue(StreamTimes.RenewInterval);
                return;
            }

            var isNew = _subscription is null || _expected > Volatile.Read(ref _seen);
            if (isNew)
            {
                await SubscribeAsync();
            }

            _expected = 0;
            await RenewAsync(isNew);
            _standing.TrySetResult();
            _failures = 0;
        }
        catch (Exception exception)
        {
            LogMaintenanceFailed(logger, key, exception);
            SetDue(FirstPause * Math.Pow(2, Math.Min(_failures++, 4)));
        }
    }

    public Task OnNextAsync(TItem item, StreamSequenceToken? token = null)
    {
        if (source.IsEnd(item))
        {
            End();
            return Task.CompletedTask;
        }

        StreamReader<TItem>[] readers;
        lock (_lock)
        {
            _seen = Math.Max(_seen, source.HeadOf(item));
            _interval = StreamTimes.FirstSilence;
            _due = _expected > 0 ? _due : Math.Min(After(StreamTimes.FirstSilence), _renewBy);
            readers = _readers;
        }

        foreach (var reader in readers)
        {
            reader.Post(item);
        }

        return Task.CompletedTask;
    }

    public Task OnErrorAsync(Exception ex)
    {
        SetDue(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    public Task OnCompletedAsync() => Task.CompletedTask;

    private async Task SubscribeAsync()
    {
        var previous = _subscription;
        _subscription = await source.StreamOf(key).SubscribeAsync(this);
        if (previous is not null)
        {
            LogSubscribedAnew(logger, key);
            await UnsubscribeAsync(previous);
        }
    }

    private async Task UnsubscribeAsync(StreamSubscriptionHandle<TItem>? subscription)
    {
        if (subscription is null)
        {
            return;
        }

        try
        {
            await subscription.UnsubscribeAsync();
        }
        catch (Exception exception)
        {
            LogUnsubscribeFailed(logger, key, exception);
        }
    }

    private async Task RenewAsync(bool isNew)
    {
        var watch = source.RenewAsync(key);
        _ = watch.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        var head = await watch.WaitAsync(CallTimeout, timeProvider);
        if (head < 0)
        {
            End();
            return;
        }

        bool ring;
        lock (_lock)
        {
            _renewBy = After(StreamTimes.RenewInterval);
            ring = isNew || head > _seen;
            if (isNew)
            {
                _seen = Math.Max(_seen, head);
                _interval = StreamTimes.RenewInterval;
            }
            else if (ring)
            {
                _expected = head;
                _interval = StreamTimes.ArrivalGrace;
            }
            else
            {
                _interval = TimeSpan.FromTicks(Math.Min(_interval.Ticks * 2, StreamTimes.RenewInterval.Ticks));
            }

            _due = After(_interval);
            if (_readers.Length == 0)
            {
                _due = Math.Min(_due, After(StreamTimes.EmptyGrace));
            }
        }

        if (ring)
        {
            foreach (var reader in Volatile.Read(ref _readers))
            {
                reader.Ring();
            }
        }
    }

    private void End()
    {
        StreamReader<TItem>[] readers;
        lock (_lock)
        {
            _ended = true;
            readers = _readers;
            _due = After(StreamTimes.EmptyGrace);
        }

        foreach (var reader in readers)
        {
            reader.End();
        }
    }

    private bool TryClose()
    {
        lock (_lock)
        {
            _closed = _readers.Length == 0 && timeProvider.GetElapsedTime(_emptySince) >= StreamTimes.EmptyGrace;
            return _closed;
        }
    }

    private void SetDue(TimeSpan pause)
    {
        lock (_lock)
        {
            _due = After(pause);
        }
    }

    private long After(TimeSpan pause) =>
        timeProvider.GetTimestamp() + (long)(pause.TotalSeconds * timeProvider.TimestampFrequency);

    [LoggerMessage(5201, LogLevel.Debug, "Watching the stream of {Key} failed; trying again.")]
    private static partial void LogMaintenanceFailed(ILogger logger, TKey key, Exception exception);

    [LoggerMessage(5202, LogLevel.Debug, "The stream of {Key} fell behind its log; subscribed anew.")]
    private static partial void LogSubscribedAnew(ILogger logger, TKey key);

    [LoggerMessage(5203, LogLevel.Debug, "Ending a subscription to {Key} failed; its silo removes it with the first item that it cannot deliver.")]
    private static partial void LogUnsubscribeFailed(ILogger logger, TKey key, Exception exception);
}
