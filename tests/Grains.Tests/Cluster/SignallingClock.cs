using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace OpenClaw.Grains.Tests.Cluster;

/// <summary>A clock that the test drives and that tells when somebody has begun to wait on it.</summary>
public sealed class SignallingClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly ConcurrentDictionary<TimeSpan, TaskCompletionSource> _expected = new();

    /// <summary>Completes when the next timer of this length is set. To be called before what sets it.</summary>
    public Task NextTimerAsync(TimeSpan length)
    {
        var set = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _expected[length] = set;
        return set.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (_expected.TryRemove(dueTime, out var set))
            set.SetResult();
        return timer;
    }
}
