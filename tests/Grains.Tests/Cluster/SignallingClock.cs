using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;

namespace OpenClaw.Grains.Tests.Cluster;

/// <summary>A clock that the test drives and that tells when somebody has begun to wait on it.</summary>
public sealed class SignallingClock(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly ConcurrentDictionary<TimeSpan, TaskCompletionSource> _waiting = new();

    /// <summary>Completes when a timer of this length has been set, before or after the call; each is told of once.</summary>
    public async Task TimerSetAsync(TimeSpan length)
    {
        await SignalOf(length).Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        _waiting.TryRemove(length, out _);
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        SignalOf(dueTime).TrySetResult();
        return timer;
    }

    private TaskCompletionSource SignalOf(TimeSpan length) =>
        _waiting.GetOrAdd(length, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
}
