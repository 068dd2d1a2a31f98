using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Events;

namespace OpenClaw.Storage.Tasks;

/// <summary>
/// Lists the tasks that grain state defines (a row goes in before the state and comes out after it), and keeps how far they are with
/// their slots, and their runs.
/// </summary>
public interface ITaskStore
{
    /// <summary>Adds the row of a task. False when the tenant has <paramref name="most"/> already, is being removed, or the task is there.</summary>
    Task<bool> AddAsync(TaskRowState task, int most, CancellationToken cancellationToken);

    ValueTask<TaskRowState?> FindAsync(TaskKey task, CancellationToken cancellationToken);

    /// <summary>A tenant's tasks, the youngest first, before the position given.</summary>
    ValueTask<IReadOnlyList<(TaskKey Key, DateTimeOffset CreatedAt)>> ListAsync(
        TenantId tenant, DateTimeOffset before, string beforeId, int limit, CancellationToken cancellationToken);

    /// <summary>Tasks whose next slot lies at or before a time, the most overdue first.</summary>
    ValueTask<IReadOnlyList<TaskKey>> ListOverdueAsync(DateTimeOffset at, int limit, CancellationToken cancellationToken);

    /// <summary>Tasks with runs that something is still to come of, in the order of their keys, behind the one given.</summary>
    ValueTask<IReadOnlyList<TaskKey>> ListUnfinishedAsync(TaskKey? after, int limit, CancellationToken cancellationToken);

    /// <summary>Tasks that end with an API key, in the order of their ids, behind the one given.</summary>
    ValueTask<IReadOnlyList<TaskKey>> ListOfKeyAsync(string keyId, string afterId, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Moves a task's row on and adds the row of a run, with what is told of it, in one transaction. Tells whether the row was found at
    /// the revision before, and whether there was no such run yet.
    /// </summary>
    /// <param name="task">As it is to be, at the revision that was read.</param>
    /// <param name="run">The run, or null.</param>
    /// <param name="told">Of the run, unless it was there already; without a run, of the change itself.</param>
    /// <param name="cancellationToken">Heeded until the write begins.</param>
    Task<(bool Moved, bool Added)> MoveAsync(TaskRowState task, TaskRunState? run, OutboxEntry? told, CancellationToken cancellationToken);

    /// <summary>Removes a task's row.</summary>
    Task RemoveAsync(TaskKey task, CancellationToken cancellationToken);

    /// <summary>Takes the runs that something is still to come of, and lists them by their slots.</summary>
    Task<IReadOnlyList<TaskRunState>> ClaimRunsAsync(TaskKey task, Guid claim, CancellationToken cancellationToken);

    /// <summary>Writes a run that goes on; <paramref name="told"/> when it begins with this. False when it is another's.</summary>
    Task<bool> GoOnAsync(TaskRunState run, OutboxEntry? told, CancellationToken cancellationToken);

    /// <summary>Writes the end of a run with what is told of it and what it makes of its task. False when it is another's.</summary>
    Task<bool> EndAsync(TaskRunState run, TaskFailures? failures, IReadOnlyList<OutboxEntry> told, CancellationToken cancellationToken);

    /// <summary>
    /// Runs, the latest first, before the position given; no more than have 4 MiB of results together, but one at least. Tells whether
    /// that has left some out.
    /// </summary>
    ValueTask<(IReadOnlyList<TaskRunState> Runs, bool IsCut)> ListRunsAsync(
        TaskKey task, DateTimeOffset before, bool beforeIsManual, int limit, CancellationToken cancellationToken);

    /// <summary>The latest run without its result, or null when there was none.</summary>
    ValueTask<TaskRunState?> FindLastRunAsync(TaskKey task, CancellationToken cancellationToken);

    /// <summary>Removes all but the latest runs of a task.</summary>
    Task TrimRunsAsync(TaskKey task, int keep, CancellationToken cancellationToken);

    /// <summary>Removes a bounded piece of a task's runs. False when there is none left.</summary>
    Task<bool> RemoveSomeRunsAsync(TaskKey task, CancellationToken cancellationToken);

    /// <summary>Removes a bounded piece of the runs that ended before a time. Tells how many.</summary>
    Task<int> PurgeRunsAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Removes a bounded piece of a tenant's runs. False when there is none left.</summary>
    Task<bool> RemoveSomeRunsAsync(TenantId tenant, CancellationToken cancellationToken);
}
