using System.Collections;
using Xunit;

namespace OpenClaw.Testing;

/// <summary>Asks again until it is so: for what the product does by itself, of which nobody is told.</summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    /// <summary>Between two readings of another process.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>The first reading of another process that the condition holds for.</summary>
    /// <param name="read">Reads what is looked at.</param>
    /// <param name="condition">What it is to be.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <param name="patience">40 s unless given: ample for all that the contract sets no later time for.</param>
    /// <exception cref="TimeoutException">None is so in time; it tells the last one.</exception>
    public static Task<T> IsAsync<T>(Func<Task<T>> read, Func<T, bool> condition, CancellationToken cancellationToken, TimeSpan? patience = null) =>
        ReadAsync(read, condition, () => Task.Delay(Pause, cancellationToken), patience ?? Patience);

    /// <summary>The same of this process, where a reading costs next to nothing.</summary>
    /// <exception cref="TimeoutException">None is so within 40 s; it tells the last one.</exception>
    public static Task<T> GetAsync<T>(Func<Task<T>> read, Func<T, bool> condition) => ReadAsync(read, condition, YieldAsync, Patience);

    /// <summary>Completes when it is so.</summary>
    /// <exception cref="TimeoutException">It is not within 40 s.</exception>
    public static Task IsSoAsync(Func<Task<bool>> isSo) => GetAsync(isSo, static so => so);

    /// <inheritdoc cref="IsSoAsync(Func{Task{bool}})"/>
    public static Task IsSoAsync(Func<bool> isSo) => IsSoAsync(() => Task.FromResult(isSo()));

    /// <summary>Completes when the clock shows this time, for what is to be so from then on.</summary>
    public static async Task ReachedAsync(DateTimeOffset time, CancellationToken cancellationToken)
    {
        while (time - TimeProvider.System.GetUtcNow() is { Ticks: > 0 } left) await Task.Delay(left, cancellationToken);
    }

    private static async Task<T> ReadAsync<T>(Func<Task<T>> read, Func<T, bool> condition, Func<Task> pause, TimeSpan patience)
    {
        var since = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var reading = await read();
            if (condition(reading)) return reading;
            if (TimeProvider.System.GetElapsedTime(since) > patience) throw new TimeoutException($"Not within {patience}. The last reading: {TextOf(reading)}");
            await pause();
        }
    }

    private static async Task YieldAsync()
    {
        TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        await Task.Yield();
    }

    private static string? TextOf<T>(T reading) =>
        reading is IEnumerable many and not string ? string.Join('\n', many.Cast<object>()) : reading?.ToString();
}
