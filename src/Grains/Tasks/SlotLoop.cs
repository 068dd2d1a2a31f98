using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Sessions;
using OpenClaw.Grains.Tasks.Schedules;
using OpenClaw.Storage;
using OpenClaw.Storage.Tasks;

namespace OpenClaw.Grains.Tasks;

/// <summary>
/// Sees to a task's slots that have come, and drives its runs, outside of calls: by tasks on the scheduler of one activation, from which
/// alone it is used.
/// </summary>
internal sealed partial class SlotLoop : IDisposable
{
    /// <summary>Runs whose records are kept.</summary>
    private const int KeptRuns = 1000;

    /// <summary>Older ones go with one run in so many.</summary>
    private const int RunsPerTrim = 50;

    /// <summary>A start that takes longer does not hold up others.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private readonly TaskLedger _task;
    private readonly TaskServices _services;
    private readonly ILogger _logger;
    private readonly Action _stay;
    private readonly List<TaskRun> _runs = [];
    private Task _advancing = Task.CompletedTask;
    private bool _isRungAgain;
    private int _added;

    /// <param name="task">What is written of it.</param>
    /// <param name="services">What tasks have in common.</param>
    /// <param name="grain">The activation.</param>
    /// <param name="stay">Keeps the activation for as long as it takes to find its runs again.</param>
    public SlotLoop(TaskLedger task, TaskServices services, IGrainBase grain, Action stay)
    {
        (_task, _services, _logger, _stay) = (task, services, services.Logger, stay);
        Alarm = new TaskAlarm(grain, services, Advance);
    }

    public TaskAlarm Alarm { get; }

    private int Running => _runs.Count(run => !run.IsWaiting);

    private int Waiting => _runs.Count(run => run.IsWaiting);

    /// <summary>Goes on with runs that another activation has begun.</summary>
    public void Resume(IReadOnlyList<TaskRunState> unfinished)
    {
        foreach (var row in unfinished)
        {
            var run = new TaskRun(_task, _services, row);
            _runs.Add(run);
            if (run.IsWaiting) continue;
            run.Resume();
            _ = FollowAsync(run);
        }
    }

    /// <summary>Sees to slots that have come and runs that may begin. Returns at once; calls that meet are one.</summary>
    public void Advance()
    {
        _isRungAgain = true;
        if (_advancing.IsCompleted && !_task.IsLeaving) _advancing = AdvanceAsync();
    }

    /// <summary>A run beside the slots.</summary>
    public async Task<TaskRunStarted> AddAsync()
    {
        TaskRun run;
        using (await _task.EnterAsync())
        {
            if (OverlapRules.Decide(_task.Definition.Overlap, Running, Waiting) is TaskRunStatus.Skipped)
                return new TaskRunStarted(null, Problem.Conflict(_task.Definition.Overlap is TaskOverlap.Skip ? TaskReasons.UnderWay : TaskReasons.QueueFull));
            for (var slot = _services.Now(); ; slot += Instant)
            {
                // Of two that were asked for in the same instant, the second is an instant later.
                var row = TaskRuns.New(_task.Key, slot, isManual: true, _task.Definition.Action, _task.Claim);
                if (_runs.Exists(other => other.Row.RunId == row.RunId)) continue;
                var (moved, added) = await _task.MoveAsync(_task.Row!, row);
                if (!moved) return new TaskRunStarted(null, SessionProblems.Unavailable);
                if (!added) continue;
                _runs.Add(run = new TaskRun(_task, _services, row));
                break;
            }
        }

        _ = TrimIfDueAsync();
        Advance();
        return new TaskRunStarted(TaskRuns.Describe(run.Row), null);
    }

    /// <summary>Nobody wants the runs any more. Completes when their ends are written.</summary>
    /// <exception cref="TimeoutException">They take longer.</exception>
    public Task CancelAsync(TimeSpan time) =>
        Task.WhenAll(_runs.Select(run => run.CancelAsync())).WaitAsync(time, _services.Time, CancellationToken.None);

    /// <summary>Leaves everything, as it is, to the next activation.</summary>
    public async Task LeaveAsync()
    {
        // What is just being begun is among the runs afterwards.
        await _advancing;
        await Task.WhenAll(_runs.Select(run => run.LeaveAsync()));
    }

    public void Dispose() => Alarm.Dispose();

    private async Task AdvanceAsync()
    {
        try
        {
            while (_isRungAgain)
            {
                _isRungAgain = false;
                while (!_task.IsLeaving && _task.Definition.Exists() && await AdvanceOnceAsync())
                {
                    // There may be more.
                }
            }

            if (!_task.IsLeaving && _task.Definition.Exists()) Alarm.Set(_task.NextSlot);
        }
        catch (OperationCanceledException) when (_task.IsLeaving)
        {
            // The next activation goes on.
        }
        catch (Exception failure)
        {
            LogNotAdvanced(failure, _task.Key.ToString(), TaskLedger.RetryPause);
            if (!_task.IsLeaving) Alarm.RingIn(TaskLedger.RetryPause);
        }
    }

    /// <summary>The next thing that is to be done; false when there is none.</summary>
    private async Task<bool> AdvanceOnceAsync()
    {
        if (await _task.RepairAsync()) return true;
        if (_runs.Find(run => run.IsWaiting) is { } waiting && OverlapRules.MayStart(_task.Definition.Overlap, Running))
        {
            using var start = await _services.Starts.AcquireAsync(_task.Key.Tenant, _task.Left);
            await BeginAsync(waiting);
            return true;
        }

        var now = _services.Now();
        if (_task.NextSlot is not { } due || due > now) return false;
        if (MisfireRules.Choose(_task.Schedule, _task.Definition.Misfire, _task.Row!.Through, now) is not [var slot, ..])
        {
            await _task.PassOverAsync(now);
            return true;
        }

        using (await _services.Starts.AcquireAsync(_task.Key.Tenant, _task.Left)) await FireAsync(slot);
        return true;
    }

    /// <summary>A slot has come: its run's row, and what is told of it, stand in one transaction with the task's step past the slot.</summary>
    private async Task FireAsync(DateTimeOffset slot)
    {
        if (!await _task.CheckKeyAsync()) return;
        TaskRun run;
        using (await _task.EnterAsync())
        {
            // While it waited for its turn the task may have been changed.
            var (definition, current) = (_task.Definition, _task.Row!);
            if (_task.IsLeaving || definition.Paused || slot <= current.Through) return;
            var now = _services.Now();
            var row = TaskRuns.New(_task.Key, slot, isManual: false, definition.Action, _task.Claim);
            row = OverlapRules.Decide(definition.Overlap, Running, Waiting) switch
            {
                TaskRunStatus.Running => TaskRuns.Begun(row, now),
                TaskRunStatus.Skipped => row with
                {
                    Status = TaskRunStatus.Skipped, FinishedAt = now, SessionId = null, Error = TaskRuns.Encode(Problem.Conflict(TaskReasons.Skipped)),
                },
                _ => row,
            };
            var told = row.Status is TaskRunStatus.Running ? TaskEvents.Started(definition, row) : null;
            var (moved, added) = await _task.MoveAsync(current with { Through = slot, NextAt = _task.NextAfter(slot) }, row, told);
            if (!moved) return;
            _ = TrimIfDueAsync();
            if (!added || row.FinishedAt is not null) return;
            _runs.Add(run = new TaskRun(_task, _services, row));
        }

        // Nothing comes between the gate and this: whoever enters next finds a run that goes.
        if (!run.IsWaiting) await StartAsync(run, run.Row);
    }

    /// <summary>A run that has waited begins.</summary>
    private async Task BeginAsync(TaskRun run)
    {
        // While it waited for its turn the task may have been deleted.
        if (_task.IsLeaving) return;
        var now = _services.Now();
        if (!await _task.CheckKeyAsync())
        {
            await _task.EndAsync(run.Row with
            {
                Status = TaskRunStatus.Failed, FinishedAt = now, Error = TaskRuns.Encode(Problem.Conflict(TaskReasons.KeyGone)),
            });
            Forget(run);
            return;
        }

        var row = TaskRuns.Begun(run.Row, now);
        if (await _services.Store.GoOnAsync(row, TaskEvents.Started(_task.Definition, row), CancellationToken.None)) await StartAsync(run, row);
        else _task.StepDown();
    }

    private async Task StartAsync(TaskRun run, TaskRunState row)
    {
        _ = _services.Bell.Ring(_task.Key.Tenant);
        run.Start(row);
        _ = FollowAsync(run);
        try
        {
            await run.Begun.WaitAsync(StartPatience, _services.Time, _task.Left);
        }
        catch (TimeoutException)
        {
            // It goes on starting without holding up others.
        }
    }

    private async Task FollowAsync(TaskRun run)
    {
        _stay();
        await run.Ended;
        if (_task.IsLeaving) return;
        Forget(run);
        if (run.Row.FinishedAt is null) _task.StepDown();
        else Advance();
    }

    private void Forget(TaskRun run)
    {
        _runs.Remove(run);
        run.Dispose();
    }

    private async Task TrimIfDueAsync()
    {
        if (++_added % RunsPerTrim != 0) return;
        try
        {
            await _services.Store.TrimRunsAsync(_task.Key, KeptRuns, CancellationToken.None);
        }
        catch (StorageUnavailableException failure)
        {
            // The next time takes them along.
            LogNotTrimmed(failure, _task.Key.ToString());
        }
    }

    [LoggerMessage(8315, LogLevel.Warning, "The slots of the task {Task} could not be seen to; it is tried again in {Pause}")]
    private partial void LogNotAdvanced(Exception exception, string task, TimeSpan pause);

    [LoggerMessage(8317, LogLevel.Warning, "Old runs of the task {Task} could not be removed; they go with a later run")]
    private partial void LogNotTrimmed(Exception exception, string task);
}
