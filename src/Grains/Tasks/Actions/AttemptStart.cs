using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Tasks.Actions;

/// <summary>Starts what a tenant may have a number of at once: it waits for its turn instead of failing.</summary>
internal sealed class AttemptStart(TimeProvider time)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(15);

    /// <summary>The problem why it was not started, or null when it was, or may have been.</summary>
    /// <param name="start">One try; the problem why it came to nothing.</param>
    /// <param name="begun">Called when it has been started, and before the first pause.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<Problem?> RunAsync(Func<Task<Problem?>> start, Action begun, CancellationToken cancellationToken)
    {
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
                // Whether it was started is asked where it would run.
                problem = null;
            }

            begun();
            if (problem is not { Status: 429 or 503 }) return problem;
            await Task.Delay(pause, time, cancellationToken);
        }
    }
}
