using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Scheduling;

namespace OpenClaw.Grains.Tasks.Actions;

/// <summary>The calls that an attempt makes of the grains that do its work, however often these are out of reach.</summary>
internal sealed class AttemptCalls(TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Starts what a tenant may have a number of at once: it waits for its turn instead of failing. The problem why it was not started,
    /// or null when it was, or may have been.
    /// </summary>
    /// <param name="start">One try; the problem why it came to nothing.</param>
    /// <param name="known">How a try is refused while the activation of a refused one has not left yet; null where that cannot be.</param>
    /// <param name="begun">Called when it has been started, and before the first pause.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Problem?> StartAsync(Func<Task<Problem?>> start, LocalizedText? known, Action begun, CancellationToken cancellationToken)
    {
        var isRefused = false;
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Problem? problem;
            try
            {
                problem = await start();
            }
            catch (Exception failure) when (failure is TimeoutException or OrleansException)
            {
                // Whether it was started is asked where it would run. What the database or the placement has ended before it was is not lost:
                // the attempt fails, and is repeated.
                problem = null;
            }

            begun();
            if (isRefused && known is not null && problem?.Reason == known) problem = Problem.Internal(503, known);
            isRefused |= problem is not null;
            if (problem is not { Status: 429 or 503 }) return problem;
            await Task.Delay(pause, time, cancellationToken);
        }
    }

    /// <summary>What a call answers in the end: one that nobody answers is made again.</summary>
    public async Task<T> AgainAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                return await call();
            }
            catch (Exception failure) when (LostCalls.IsLost(failure, cancellationToken))
            {
                await Task.Delay(Pause, time, cancellationToken);
            }
        }
    }

    /// <summary>Asks until there is an outcome.</summary>
    /// <param name="look">One look, which waits for a while by itself; null while there is none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<TaskOutcome> FollowAsync(Func<Task<TaskOutcome?>> look, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await AgainAsync(look, cancellationToken) is { } outcome) return outcome;
        }
    }
}
