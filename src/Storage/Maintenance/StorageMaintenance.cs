using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Idempotency;
using OpenClaw.Storage.Memory;
using OpenClaw.Storage.Skills;
using OpenClaw.Storage.Tasks;
using OpenClaw.Storage.Webhooks;

namespace OpenClaw.Storage.Maintenance;

/// <summary>
/// Purges deleted sessions as soon as they are deleted (at start and every ten minutes: also what a crash left over, of
/// another process maybe), and expired idempotency keys, memories, events, and records of executed skills and tasks and of deliveries to
/// webhooks every ten minutes.
/// </summary>
internal sealed partial class StorageMaintenance(
    SessionPurge sessions,
    PurgeSignal signal,
    IIdempotencyStore keys,
    IMemoryStore memory,
    ISkillStore skills,
    ITaskStore tasks,
    IWebhookStore webhooks,
    IEventLog events,
    TimeProvider time,
    ILogger<StorageMaintenance> logger) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(10);

    /// <summary>Pause after a failure, so that a database that is down is not asked in a loop.</summary>
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(5);

    /// <summary>How long the deletion of a memory can be undone.</summary>
    private static readonly TimeSpan UndoTime = TimeSpan.FromDays(7);

    /// <summary>How long it can be read what a skill was executed for, and what a task's runs came to.</summary>
    private static readonly TimeSpan RunTime = TimeSpan.FromDays(30);

    /// <summary>How long it can be read what webhooks were told, and be replayed.</summary>
    private static readonly TimeSpan DeliveryTime = TimeSpan.FromDays(30);

    /// <summary>No event is kept longer, however few a tenant has.</summary>
    private static readonly TimeSpan EventTime = TimeSpan.FromDays(30);

    private const int Piece = 500;
    private const int MemoryPiece = 200;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        Task.Run(() => RepeatAsync(sessions.RunAsync, signal.WaitAsync, stoppingToken), stoppingToken),
        Task.Run(() => RepeatAsync(PurgeExpiredAsync, token => Task.Delay(Period, time, token), stoppingToken), stoppingToken));

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

    private async Task PurgeExpiredAsync(CancellationToken cancellationToken)
    {
        await PurgeAllAsync(keys.PurgeAsync, cancellationToken);
        // What one piece leaves of the memories that are over may be less than a piece.
        while (await memory.PurgeAsync(time.GetUtcNow() - UndoTime, MemoryPiece, cancellationToken) > 0)
            cancellationToken.ThrowIfCancellationRequested();
        await PurgeAllAsync((piece, token) => skills.PurgeRunsAsync(time.GetUtcNow() - RunTime, piece, token), cancellationToken);
        await PurgeAllAsync((piece, token) => tasks.PurgeRunsAsync(time.GetUtcNow() - RunTime, piece, token), cancellationToken);
        await PurgeAllAsync((piece, token) => webhooks.PurgeDeliveriesAsync(time.GetUtcNow() - DeliveryTime, piece, token), cancellationToken);
        await PurgeAllAsync((piece, token) => events.PurgeAsync(time.GetUtcNow() - EventTime, piece, token), cancellationToken);
        signal.Set();
    }

    /// <summary>Piece by piece, until one is not full.</summary>
    private static async Task PurgeAllAsync(Func<int, CancellationToken, Task<int>> purge, CancellationToken cancellationToken)
    {
        while (await purge(Piece, cancellationToken) == Piece)
            cancellationToken.ThrowIfCancellationRequested();
    }

    [LoggerMessage(2001, LogLevel.Warning, "Cleaning up the database failed; it is tried again.")]
    private partial void LogFailure(Exception exception);
}
