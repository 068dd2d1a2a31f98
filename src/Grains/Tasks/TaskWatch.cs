using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Scheduling;
using OpenClaw.Storage.Tasks;

namespace OpenClaw.Grains.Tasks;

/// <summary>
/// Finds tasks whose slot has passed and nobody has seen to it, and runs whose activation may be gone, and wakes them: at start, when a
/// silo has died, and again and again. Waking a task that is at work does nothing.
/// </summary>
internal sealed partial class TaskWatch(
    ITaskStore store, IGrainFactory grains, IClusterMembershipService membership, TimeProvider time, ILogger<TaskWatch> logger) : SiloWatch(Interval, time)
{
    internal static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>A slot that is due is seen to by its own task; one that has passed by so much may have been forgotten.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Runs are looked at once in so many looks.</summary>
    private const int LooksPerRunLook = 12;

    private const int MostTasks = 1000;
    private const int AtOnce = 32;

    private readonly TimeProvider _time = time;
    private int _looks;
    private MembershipVersion _seen;

    protected override async Task LookAsync(CancellationToken cancellationToken)
    {
        var version = membership.CurrentSnapshot.Version;
        if (_looks++ % LooksPerRunLook == 0 || version != _seen)
        {
            TaskKey? after = null;
            IReadOnlyList<TaskKey> unfinished;
            do
            {
                unfinished = await store.ListUnfinishedAsync(after, MostTasks, cancellationToken);
                await WakeAsync(unfinished, cancellationToken);
                after = unfinished.Count > 0 ? unfinished[^1] : null;
            }
            while (unfinished.Count == MostTasks);
            _seen = version;
        }

        await WakeAsync(await store.ListOverdueAsync(_time.GetUtcNow() - Patience, MostTasks, cancellationToken), cancellationToken);
    }

    protected override void Report(Exception failure, TimeSpan nextIn) => LogFailed(failure, nextIn);

    private Task WakeAsync(IReadOnlyList<TaskKey> tasks, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        tasks,
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
        async (task, token) =>
        {
            try
            {
                await grains.GetGrain<IScheduledTaskRecord>(task.ToString()).Wake(token);
            }
            catch (Exception failure) when (!token.IsCancellationRequested)
            {
                LogNotWoken(failure, task.ToString());
            }
        });

    [LoggerMessage(8305, LogLevel.Warning, "Looking for tasks that nobody sees to failed; it is tried again in {Interval}")]
    private partial void LogFailed(Exception exception, TimeSpan interval);

    [LoggerMessage(8306, LogLevel.Warning, "The task {Task} could not be woken; it is tried again")]
    private partial void LogNotWoken(Exception exception, string task);
}
