using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Storage.Idempotency;

namespace OpenClaw.Storage.Maintenance;

/// <summary>
/// Purges deleted sessions as soon as they are deleted (at start and every ten minutes: also what a crash left over, of
/// another process maybe), and expired idempotency keys every ten minutes.
/// </summary>
internal sealed partial class StorageMaintenance(
    SessionPurge sessions,
    PurgeSignal signal,
    IIdempotencyStore keys,
    TimeProvider time,
    ILogger<StorageMaintenance> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>Pause after a failure, so that a database that is down is not asked in a loop.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    private const int KeyPiece = 500;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Task.Run(() => RepeatAsync(sessions.RunAsync, signal.WaitAsync, stoppingToken), stoppingToken),
        Task.Run(() => RepeatAsync(PurgeKeysAsync, token => Task.Delay(Period, time, token), stoppingToken), stoppingToken));

    private async Task RepeatAsync(
        Func<CancellationToken, Task> work, Func<CancellationToken, Task> wait, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await work(cancellationToken);
                await wait(cancellationToken);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogFailure(exception);
                await Task.Delay(RetryAfter, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task PurgeKeysAsync(CancellationToken cancellationToken)
    {
        while (await keys.PurgeAsync(KeyPiece, cancellationToken) == KeyPiece)
            cancellationToken.ThrowIfCancellationRequested();
        signal.Set();
    }

    [LoggerMessage(2001, LogLevel.Warning, "Cleaning up the database failed; it is tried again.")]
    private partial void LogFailure(Exception exception);
}
