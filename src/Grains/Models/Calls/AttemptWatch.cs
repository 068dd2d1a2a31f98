namespace OpenClaw.Grains.Models.Calls;

/// <summary>
/// The time limits of one attempt: until the first token, then between tokens, and over the whole call. Its token is
/// cancelled when a limit is reached or the caller cancels. A token heard costs one clock reading; the timer is moved only
/// when it fires.
/// </summary>
internal sealed class AttemptWatch : IDisposable
{
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _source;
    private readonly ITimer _timer;
    private readonly long _idle;
    private readonly long _callDeadline;
    private long _deadline;
    private bool _heard;
    private volatile bool _expired;

    /// <param name="time">The clock.</param>
    /// <param name="firstToken">Until the first token, or null when only the whole call is limited.</param>
    /// <param name="idle">Between tokens.</param>
    /// <param name="callDeadline">Timestamp at which the whole call is over.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public AttemptWatch(
        TimeProvider time, TimeSpan? firstToken, TimeSpan idle, long callDeadline, CancellationToken cancellationToken)
    {
        _time = time;
        _source = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _idle = ToTimestamp(time, idle);
        _callDeadline = callDeadline;
        _deadline = firstToken is { } limit
            ? Math.Min(callDeadline, time.GetTimestamp() + ToTimestamp(time, limit))
            : callDeadline;
        _timer = time.CreateTimer(static state => ((AttemptWatch)state!).OnTimer(), this, Left(), Timeout.InfiniteTimeSpan);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>A limit was reached. What arrives afterwards is too late.</summary>
    public bool Expired => _expired;

    /// <summary>A duration on the scale of the clock's timestamps.</summary>
    public static long ToTimestamp(TimeProvider time, TimeSpan duration) =>
        (long)(duration.TotalSeconds * time.TimestampFrequency);

    /// <summary>The model said something: from now on silence is limited.</summary>
    public void Heard()
    {
        Volatile.Write(ref _deadline, Math.Min(_callDeadline, _time.GetTimestamp() + _idle));
        if (_heard) return;
        _heard = true;
        _timer.Change(Left(), Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _timer.Dispose();
        _source.Dispose();
    }

    private TimeSpan Left()
    {
        var left = _time.GetElapsedTime(_time.GetTimestamp(), Volatile.Read(ref _deadline));
        // Rounded up to the timer's resolution, so that it does not fire a moment too early.
        return left <= TimeSpan.Zero ? TimeSpan.Zero : TimeSpan.FromMilliseconds(Math.Ceiling(left.TotalMilliseconds));
    }

    private void OnTimer()
    {
        var left = Left();
        try
        {
            if (left > TimeSpan.Zero)
            {
                _timer.Change(left, Timeout.InfiniteTimeSpan);
                return;
            }

            _expired = true;
            _source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The attempt ended while the timer fired: nothing is left to limit.
        }
    }
}
