namespace OpenClaw.WebFrontend.Streams;

/// <summary>
/// One connection's end of a stream. Bounded: a connection that is slower than its stream loses what waits for it and is
/// told to read the log. Holds nothing while nothing happens, since there are thousands of them.
/// </summary>
/// <param name="weigh">How many frames or events an item is.</param>
/// <param name="leave">Called when the connection is over.</param>
/// <param name="standing">Completes when the stream stands.</param>
internal sealed class StreamReader<TItem>(Func<TItem, int> weigh, Action<StreamReader<TItem>> leave, Task standing) : IDisposable
    where TItem : class
{
    private readonly Lock _lock = new();
    private List<TItem>? _items;
    private TaskCompletionSource? _waiter;
    private int _waiting;
    private bool _ring;
    private bool _gone;

    /// <summary>Completes when what happens reaches this process as it happens.</summary>
    public Task Standing => standing;

    /// <summary>What has happened since the last call, as soon as there is something. One caller at a time.</summary>
    public async ValueTask<StreamSignal<TItem>> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task somethingHappened;
            lock (_lock)
            {
                if (_ring || _gone || _items is not null)
                {
                    var signal = new StreamSignal<TItem>(_items ?? [], _ring, _gone);
                    _items = null;
                    _waiting = 0;
                    _ring = false;
                    return signal;
                }

                _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                somethingHappened = _waiter.Task;
            }

            await somethingHappened.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The connection is over.</summary>
    public void Dispose() => leave(this);

    internal void Post(TItem item)
    {
        var weight = weigh(item);
        lock (_lock)
        {
            if (_waiting + weight > StreamTimes.MaxWaiting)
            {
                _items = null;
                _waiting = 0;
                _ring = true;
            }
            else
            {
                _items ??= [];
                _items.Add(item);
                _waiting += weight;
            }

            Wake();
        }
    }

    internal void Ring()
    {
        lock (_lock)
        {
            _ring = true;
            Wake();
        }
    }

    internal void End()
    {
        lock (_lock)
        {
            _gone = true;
            Wake();
        }
    }

    private void Wake()
    {
        _waiter?.TrySetResult();
        _waiter = null;
    }
}
