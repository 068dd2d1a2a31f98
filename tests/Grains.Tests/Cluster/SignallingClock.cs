using Microsoft.Extensions.Time.Testing;

namespace OpenClaw.Grains.Tests.Cluster;

/// <summary>
/// A clock that the test drives and that knows who waits on it. A wait counts from when it begins: a clock that goes on before that
/// leaves it waiting for ever.
/// </summary>
public sealed class SignallingClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    /// <summary>Instants are stored in whole milliseconds, cut; who waits for them may know the rest.</summary>
    private static readonly TimeSpan Precision = TimeSpan.FromMilliseconds(1);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Lock _lock = new();
    private readonly Dictionary<Timer, DateTimeOffset> _waits = [];
    private readonly List<(DateTimeOffset Instant, TaskCompletionSource<DateTimeOffset> Found)> _expected = [];

    /// <summary>Completes once somebody waits for this instant; intervals that meet it do not count.</summary>
    /// <exception cref="TimeoutException">Nobody does for 20 s.</exception>
    public Task<DateTimeOffset> AwaitedAsync(DateTimeOffset instant)
    {
        var found = new TaskCompletionSource<DateTimeOffset>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            foreach (var at in _waits.Values.Where(at => IsMeant(instant, at))) found.TrySetResult(at);
            _expected.Add((instant, found));
        }

        return found.Task.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    /// <inheritdoc cref="AwaitedAsync(DateTimeOffset)"/>
    public Task<DateTimeOffset> AwaitedAsync(TimeSpan fromNow) => AwaitedAsync(GetUtcNow() + fromNow);

    /// <summary>Goes on to this instant once somebody waits for it.</summary>
    public async Task PassToAsync(DateTimeOffset instant) => Advance(await AwaitedAsync(instant) - GetUtcNow());

    /// <summary>Lets so much time pass once somebody waits for its end.</summary>
    public Task PassAsync(TimeSpan time) => PassToAsync(GetUtcNow() + time);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        timer.Change(dueTime, period);
        return timer;
    }

    private static bool IsMeant(DateTimeOffset instant, DateTimeOffset at) => at >= instant && at - instant < Precision;

    private void Note(Timer timer, DateTimeOffset? at)
    {
        lock (_lock)
        {
            _waits.Remove(timer);
            if (at is not { } due) return;
            _waits.Add(timer, due);
            foreach (var (_, found) in _expected.Where(expected => IsMeant(expected.Instant, due))) found.TrySetResult(due);
        }
    }

    private sealed class Timer(SignallingClock clock, ITimer inner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            var isOneWait = dueTime >= TimeSpan.Zero && period == Timeout.InfiniteTimeSpan;
            var at = clock.GetUtcNow() + dueTime;
            var changed = inner.Change(dueTime, period);
            clock.Note(this, isOneWait && changed ? at : null);
            return changed;
        }

        public void Dispose()
        {
            clock.Note(this, null);
            inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            clock.Note(this, null);
            return inner.DisposeAsync();
        }
    }
}
