using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>
/// One connection's end of a session's stream. Bounded: a connection that is slower than the session loses what waits
/// for it and is told to read the log. Holds nothing while nothing happens, since there are thousands of them.
/// </summary>
internal sealed class SessionStreamReader(SessionStreamWatch watch) : IDisposable
{
    /// <summary>Frames that wait for one connection at most.</summary>
    internal const int MaxWaitingFrames = 512;

    private readonly Lock _lock = new();
    private List<FrameBatch>? _batches;
    private TaskCompletionSource? _waiter;
    private int _waitingFrames;
    private bool _ring;
    private bool _gone;

    /// <summary>What has happened since the last call, as soon as there is something. One caller at a time.</summary>
    public async ValueTask<SessionStreamSignal> NextAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task somethingHappened;
            lock (_lock)
            {
                if (_ring || _gone || _batches is not null)
                {
                    var signal = new SessionStreamSignal(_batches ?? [], _ring, _gone);
                    _batches = null;
                    _waitingFrames = 0;
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
    public void Dispose() => watch.Remove(this);

    internal void Post(FrameBatch batch)
    {
        lock (_lock)
        {
            if (_waitingFrames + batch.Frames.Count > MaxWaitingFrames)
            {
                _batches = null;
                _waitingFrames = 0;
                _ring = true;
            }
            else
            {
                _batches ??= [];
                _batches.Add(batch);
                _waitingFrames += batch.Frames.Count;
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
