using System.Collections;

namespace OpenClaw.Contract.Tests.Support;

/// <summary>Asks again until it is so: for what a server does by itself, of which a client is not told.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>The first reading that the condition holds for. Fails with the last one when none does in time.</summary>
    /// <param name="read">Reads what is looked at.</param>
    /// <param name="condition">What it is to be.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="patience">40 s unless given: ample for all that the contract sets no later time for.</param>
    public static async Task<T> IsAsync<T>(Func<Task<T>> read, Func<T, bool> condition, CancellationToken cancellationToken, TimeSpan? patience = null)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var reading = await read();
            if (condition(reading)) return reading;
            Assert.True(
                TimeProvider.System.GetElapsedTime(since) < (patience ?? Patience),
                $"Not within {patience ?? Patience}. The last reading: {(reading is IEnumerable many and not string ? string.Join('\n', many.Cast<object>()) : reading)}");
            await Task.Delay(Pause, cancellationToken);
        }
    }

    /// <summary>Completes when the clock shows this time, for what is to be so from then on.</summary>
    public static async Task ReachedAsync(DateTimeOffset time, CancellationToken cancellationToken)
    {
        while (time - TimeProvider.System.GetUtcNow() is { Ticks: > 0 } left) await Task.Delay(left, cancellationToken);
    }
}
