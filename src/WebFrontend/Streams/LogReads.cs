namespace OpenClaw.WebFrontend.Streams;

/// <summary>
/// Reads of a log that are made again until they succeed. They are stateless on the grain, so any of them may be given up;
/// a silo that dies costs a pause, at most 1.5 s beyond the time that the cluster needs to notice.
/// </summary>
internal static class LogReads
{
    /// <summary>Silence after which a read is given up; the activation's silo has probably died.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(1.5);

    /// <summary>A failure that Orleans has no part in is a fault of ours or of the database: tried again only so often.</summary>
    private const int MaxUnknownFailures = 5;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>What <paramref name="read"/> answers in the end.</summary>
    /// <param name="read">Makes one attempt. It is not told when it is given up: it ends by itself after its waiting time.</param>
    /// <param name="onFailure">Told of each attempt that failed.</param>
    /// <param name="timeProvider">The clock of pauses and timeouts.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public static async Task<T> ReadAsync<T>(Func<Task<T>> read, Action<Exception> onFailure, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var unknownFailures = 0;
        var pause = FirstPause;
        while (true)
        {
            try
            {
                return await ReadOnceAsync(read(), timeProvider, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested
                && (IsUnavailable(exception) || ++unknownFailures < MaxUnknownFailures))
            {
                onFailure(exception);
            }

            await Task.Delay(pause, timeProvider, cancellationToken);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, LongestPause.Ticks));
        }
    }

    private static bool IsUnavailable(Exception exception) =>
        exception is TimeoutException or OrleansException or OperationCanceledException or IOException;

    private static async Task<T> ReadOnceAsync<T>(Task<T> read, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        try
        {
            return await read.WaitAsync(Timeout, timeProvider, cancellationToken);
        }
        catch (Exception) when (!read.IsCompleted)
        {
            _ = read.ContinueWith(static late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            throw;
        }
    }
}
