namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>A turn's own time: it stands still while the turn waits for a slot, and cancels the turn when it is used up.</summary>
internal sealed class TurnClock : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly ITimer _timer;
    private TimeSpan _spent;
    private long? _runsFrom;

    /// <param name="time">The clock.</param>
    /// <param name="limit">The turn's time.</param>
    /// <param name="spent">What it has used of it.</param>
    /// <param name="cancellation">Cancelled when the time is used up.</param>
    public TurnClock(TimeProvider time, TimeSpan limit, TimeSpan spent, CancellationTokenSource cancellation)
    {
        _time = time;
        _limit = limit;
        _spent = spent;
        _runsFrom = time.GetTimestamp();
        _timer = time.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(), cancellation, Left, Timeout.InfiniteTimeSpan);
    }

    public TimeSpan Spent => _runsFrom is { } from ? _spent + _time.GetElapsedTime(from) : _spent;

    private TimeSpan Left => _limit > Spent ? _limit - Spent : TimeSpan.Zero;

    public void Pause()
    {
        if (_runsFrom is null) return;
        _spent = Spent;
        _runsFrom = null;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public void Resume()
    {
        if (_runsFrom is not null) return;
        _runsFrom = _time.GetTimestamp();
        _timer.Change(Left, Timeout.InfiniteTimeSpan);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();
}
