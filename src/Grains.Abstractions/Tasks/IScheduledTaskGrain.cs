using Orleans.Concurrency;

namespace OpenClaw.Grains.Abstractions.Tasks;

/// <summary>
/// One scheduled task of a tenant, and its runs. Key: <see cref="TaskKey"/>. A slot runs once, whatever is restarted: its row is
/// durable before it takes effect.
/// </summary>
[Alias("OpenClaw.IScheduledTaskGrain")]
public interface IScheduledTaskGrain : IGrainWithStringKey
{
    /// <summary>Creates the task; one that is there already stays as it is. Durable when the call completes.</summary>
    [Alias("Create"), Repeatable]
    Task<TaskChanged> Create(CreateTask command, CancellationToken cancellationToken);

    /// <summary>The task, or null when there is none.</summary>
    /// <remarks>Interleaves: it is the last that is durable.</remarks>
    [Alias("Get"), AlwaysInterleave, Repeatable]
    Task<TaskInfo?> Get(CancellationToken cancellationToken);

    /// <summary>The task, or null when there is none; then no list names it any more.</summary>
    [Alias("Confirm"), Repeatable]
    Task<TaskInfo?> Confirm(CancellationToken cancellationToken);

    /// <summary>Changes it. Runs that are under way go on as they began.</summary>
    [Alias("Update"), Repeatable]
    Task<TaskChanged> Update(UpdateTask command, CancellationToken cancellationToken);

    /// <summary>Cancels what runs, and removes the task and its records. False when there is none.</summary>
    [Alias("Delete"), ResponseTimeout("00:01:00")]
    Task<bool> Delete(CancellationToken cancellationToken);

    /// <summary>Runs it beside its slots, paused or not. The run's row is durable when the call completes.</summary>
    [Alias("Run")]
    Task<TaskRunStarted> Run(TaskCaller caller, CancellationToken cancellationToken);

    /// <summary>Its runs of the last 30 days, 1,000 at most, the latest first; null when there is no such task.</summary>
    /// <remarks>Interleaves. A page ends at 4 MiB of results.</remarks>
    [Alias("ListRuns"), AlwaysInterleave, Repeatable]
    Task<TaskRunPage?> ListRuns(int limit, string? cursor, CancellationToken cancellationToken);
}
