using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.State;
using OpenClaw.Grains.Tasks.Schedules;
using OpenClaw.Storage;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Tasks;

namespace OpenClaw.Grains.Tasks;

/// <summary>
/// What is written of a task: its definition, and its row, which says how far it is with its slots. Whatever changes either does so behind
/// one gate. Used from one activation's scheduler only.
/// </summary>
internal sealed partial class TaskLedger(TaskKey key, IPersistentState<ScheduledTaskState> state, TaskServices services, IGrainBase grain)
    : IRunningTask, IDisposable
{
    /// <summary>Runs that fail in a row pause the task.</summary>
    private const int MostFailures = 10;

    public static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    private readonly ILogger _logger = services.Logger;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _left = new();

    public TaskKey Key => key;

    /// <summary>What is durable. Reads interleave with changes, and must not see what may yet fail.</summary>
    public ScheduledTaskState Definition { get; private set; } = new();

    /// <summary>Null when there is no such task.</summary>
    public TaskRowState? Row { get; private set; }

    public ISchedule Schedule { get; private set; } = new OneTimeSchedule(DateTimeOffset.MinValue);

    /// <summary>Whose the unfinished runs are.</summary>
    public Guid Claim { get; } = Guid.NewGuid();

    /// <summary>Nothing is begun any more: the next activation goes on.</summary>
    public bool IsLeaving { get; private set; }

    /// <summary>Cancelled when the activation ends.</summary>
    public CancellationToken Left => _left.Token;

    public DateTimeOffset? NextSlot => Row?.NextAt;

    /// <summary>Reads what there is; the runs that have not ended are this activation's from now on. Null when there is no such task.</summary>
    public async Task<IReadOnlyList<TaskRunState>?> LoadAsync(CancellationToken cancellationToken)
    {
        if (!state.State.Exists()) return null;
        // The row first: an activation before this one that adds a run afterwards makes this one's row stale, and it steps down.
        if (await services.Store.FindAsync(key, cancellationToken) is not { } row) return null;
        var unfinished = await services.Store.ClaimRunsAsync(key, Claim, cancellationToken);
        Row = row;
        Adopt(state.State);
        return unfinished;
    }

    public async Task<IDisposable> EnterAsync()
    {
        await _gate.WaitAsync();
        return new Gate(_gate);
    }

    /// <summary>The first slot after a time, as the task is; null when it is paused, or there is none.</summary>
    public DateTimeOffset? NextAfter(DateTimeOffset time) => Definition.Paused ? null : Schedule.NextAfter(time);

    /// <summary>Makes the task, whose row is there.</summary>
    public async Task CreateAsync(ScheduledTaskState definition, TaskRowState row)
    {
        await state.WriteAsync(definition, grain);
        Row = row;
        Adopt(definition);
    }

    /// <summary>Behind the gate.</summary>
    public async Task WriteAsync(ScheduledTaskState definition)
    {
        await state.WriteAsync(definition, grain);
        Adopt(definition);
    }

    /// <summary>
    /// Behind the gate: changes the row, with a run and what is told of it. Not moved when another activation has changed it, and this one
    /// leaves; not added when the run is there already.
    /// </summary>
    public async Task<(bool Moved, bool Added)> MoveAsync(TaskRowState row, TaskRunState? run = null, OutboxEntry? told = null)
    {
        var (moved, added) = await services.Store.MoveAsync(row, run, told, CancellationToken.None);
        if (moved) Row = row with { Revision = row.Revision + 1 };
        else StepDown();
        return (moved, added);
    }

    /// <summary>Brings together what a crash has left apart: the definition is what counts. False when there was nothing to do.</summary>
    public async Task<bool> RepairAsync()
    {
        var isToPause = Row!.Failures >= MostFailures && !Definition.Paused;
        if (!isToPause && Row.NextAt == NextAfter(Row.Through)) return false;
        using (await EnterAsync())
        {
            // It may have been deleted while this waited.
            if (IsLeaving) return false;
            if (Row.Failures >= MostFailures && !Definition.Paused) await PauseAsync(PausedReasons.Failures);
            var next = NextAfter(Row.Through);
            if (Row.NextAt != next) await MoveAsync(Row with { NextAt = next });
        }

        return true;
    }

    /// <summary>Slots up to a time are passed over.</summary>
    public async Task PassOverAsync(DateTimeOffset now)
    {
        using (await EnterAsync())
        {
            if (!IsLeaving && Row!.NextAt <= now) await MoveAsync(Row with { Through = now, NextAt = NextAfter(now) });
        }
    }

    public async Task<bool> CheckKeyAsync()
    {
        if (await services.Owners.HoldsAsync(key.Tenant, Definition, CancellationToken.None)) return true;
        using (await EnterAsync())
        {
            if (Definition.Paused || !Definition.Exists()) return false;
            var told = TaskEvents.Paused(Definition, Row!, null, Problem.Conflict(TaskReasons.KeyGone));
            if ((await MoveAsync(Row! with { NextAt = null }, told: told)).Moved) await PauseAsync(PausedReasons.Key);
        }

        _ = services.Bell.Ring(key.Tenant);
        return false;
    }

    public async Task<bool> GoOnAsync(TaskRunState run)
    {
        var isOurs = await PersistAsync(() => services.Store.GoOnAsync(run, null, CancellationToken.None));
        if (!isOurs) StepDown();
        return isOurs;
    }

    public async Task<bool> EndAsync(TaskRunState run)
    {
        var isEnded = await PersistAsync(() => EndOnceAsync(run));
        _ = services.Bell.Ring(key.Tenant);
        return isEnded;
    }

    /// <summary>Another activation has taken over, or something of this one stands still: the next call reads anew.</summary>
    public void StepDown()
    {
        IsLeaving = true;
        grain.DeactivateOnIdle();
    }

    /// <summary>The activation ends.</summary>
    public Task LeaveAsync()
    {
        IsLeaving = true;
        return _left.CancelAsync();
    }

    /// <summary>Takes away what there is, the rows last.</summary>
    public async Task RemoveAsync()
    {
        using (await EnterAsync())
        {
            Definition = new ScheduledTaskState();
            await state.ClearStateAsync(CancellationToken.None);
            await RemoveRowsAsync();
        }
    }

    /// <summary>What is left of a task that was not made, or is gone.</summary>
    public async Task RemoveRowsAsync()
    {
        while (await services.Store.RemoveSomeRunsAsync(key, CancellationToken.None))
        {
            // Piece by piece.
        }

        await services.Store.RemoveAsync(key, CancellationToken.None);
    }

    public void Dispose()
    {
        _gate.Dispose();
        _left.Dispose();
    }

    private void Adopt(ScheduledTaskState definition)
    {
        Definition = definition;
        Schedule = ScheduleReader.Read(definition.Schedule(), definition.Zone, definition.Anchor);
    }

    private async Task<bool> EndOnceAsync(TaskRunState run)
    {
        using (await EnterAsync())
        {
            var isFailure = run.Status is TaskRunStatus.Failed or TaskRunStatus.Timeout;
            var failures = isFailure ? Row!.Failures + 1 : run.Status is TaskRunStatus.Succeeded ? 0 : Row!.Failures;
            var pauses = isFailure && failures >= MostFailures && !Definition.Paused;
            var told = new List<OutboxEntry>();
            if (run.StartedAt is not null) told.Add(TaskEvents.Completed(Definition, run));
            if (isFailure) told.Add(TaskEvents.Failed(Definition, run));
            if (pauses) told.Add(TaskEvents.Paused(Definition, Row!, run.RunId, Problem.Conflict(TaskReasons.PausedAfter(failures))));
            TaskFailures? change = failures == Row!.Failures && !pauses ? null : new TaskFailures(failures, pauses);
            if (!await services.Store.EndAsync(run, change, told, CancellationToken.None))
            {
                StepDown();
                return false;
            }

            Row = Row with { Failures = failures, NextAt = pauses ? null : Row.NextAt };
        }

        LogEnded(run.RunId, key.ToString(), run.Status, run.Attempt);
        return true;
    }

    /// <summary>Behind the gate.</summary>
    private async Task PauseAsync(string reason)
    {
        await WriteAsync(Definition with { Paused = true, PausedReason = reason, UpdatedAt = services.Now() });
        LogPaused(key.ToString(), reason);
    }

    /// <summary>Writes until it is written: what a run came to must not be lost to a database that is away. False when the activation ends.</summary>
    private async Task<bool> PersistAsync(Func<Task<bool>> write)
    {
        while (true)
        {
            try
            {
                return await write();
            }
            catch (StorageUnavailableException failure)
            {
                LogNotWritten(failure, key.ToString(), RetryPause);
            }

            if (Left.IsCancellationRequested) return false;
            await Task.Delay(RetryPause, services.Time, Left).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        }
    }

    [LoggerMessage(8312, LogLevel.Information, "The run {Run} of the task {Task} ended: {Status} at attempt {Attempt}")]
    private partial void LogEnded(string run, string task, TaskRunStatus status, int attempt);

    [LoggerMessage(8313, LogLevel.Information, "The task {Task} was paused: {Reason}")]
    private partial void LogPaused(string task, string reason);

    [LoggerMessage(8316, LogLevel.Warning, "A step of a run of the task {Task} could not be written; it is tried again in {Pause}")]
    private partial void LogNotWritten(Exception exception, string task, TimeSpan pause);

    private sealed class Gate(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
