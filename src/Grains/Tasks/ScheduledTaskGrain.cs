using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Paging;
using OpenClaw.Grains.Sessions;
using OpenClaw.Grains.State;
using OpenClaw.Grains.Tasks.Schedules;
using OpenClaw.Storage;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Tasks;

namespace OpenClaw.Grains.Tasks;

/// <inheritdoc cref="IScheduledTaskGrain"/>
/// <remarks>
/// Slots are seen to, and runs driven, outside of calls: by tasks on the grain's scheduler. Whatever changes the task's row or its
/// state does so behind one gate.
/// </remarks>
[GrainType("scheduled-task")]
internal sealed partial class ScheduledTaskGrain : Grain, IScheduledTaskGrain, IScheduledTaskRecord, IRunningTask, IRemindable, IDisposable
{
    /// <summary>Runs that fail in a row pause the task.</summary>
    private const int MostFailures = 10;

    /// <summary>Runs whose records are kept.</summary>
    private const int KeptRuns = 1000;

    /// <summary>Older ones go with one run in so many.</summary>
    private const int RunsPerTrim = 50;

    private const int ShownSlots = 5;

    /// <summary>A start that takes longer does not hold up others.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    /// <summary>Longer than the watch takes to look for runs again.</summary>
    private static readonly TimeSpan StayTime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan EarlyReminder = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CancelTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Instant = TimeSpan.FromMilliseconds(1);

    private readonly IPersistentState<ScheduledTaskState> _state;
    private readonly TaskServices _services;
    private readonly ILogger _logger;
    private readonly TaskAlarm _alarm;

    /// <summary>Whose the unfinished runs are.</summary>
    private readonly Guid _claim = Guid.NewGuid();

    private readonly List<TaskRun> _runs = [];
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _left = new();

    /// <summary>What is durable. Reads interleave with changes, and must not see what may yet fail.</summary>
    private ScheduledTaskState _current = new();

    private TaskRowState? _row;
    private ISchedule _schedule = new OneTimeSchedule(DateTimeOffset.MinValue);
    private Task _advancing = Task.CompletedTask;
    private bool _isRungAgain;
    private bool _isLeaving;
    private int _ended;

    public ScheduledTaskGrain([PersistentState(StateNames.Task, StateStorage.Provider)] IPersistentState<ScheduledTaskState> state, TaskServices services)
    {
        _state = state;
        _services = services;
        _logger = services.Logger;
        _alarm = new TaskAlarm(this, services, Advance);
    }

    public TaskKey Key => TaskKey.Parse(this.GetPrimaryKeyString());

    ScheduledTaskState IRunningTask.Definition => _current;

    DateTimeOffset? IRunningTask.NextSlot => _row?.NextAt;

    private int Running => _runs.Count(run => !run.IsWaiting);

    private int Waiting => _runs.Count(run => run.IsWaiting);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (!_state.State.Exists()) return;
        var unfinished = await _services.Store.ClaimRunsAsync(Key, _claim, cancellationToken);
        _row = await _services.Store.FindAsync(Key, cancellationToken);
        // Without its row it is about to be removed.
        if (_row is null) return;
        Adopt(_state.State);
        _alarm.Assume(_row.NextAt);
        foreach (var row in unfinished)
        {
            var run = new TaskRun(this, _services, row);
            _runs.Add(run);
            if (run.IsWaiting) continue;
            run.Resume();
            _ = FollowAsync(run);
        }

        Advance();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _isLeaving = true;
        await _left.CancelAsync();
        await Task.WhenAll(_runs.Select(run => run.LeaveAsync()));
        await _advancing;
    }

    public void Dispose()
    {
        _alarm.Dispose();
        _gate.Dispose();
        _left.Dispose();
    }

    public async Task<TaskChanged> Create(CreateTask command, CancellationToken cancellationToken)
    {
        if (_current.Exists()) return new TaskChanged(await DescribeAsync(cancellationToken), null);
        var now = _services.Now();
        if (TaskDefinitions.FindMissingScope(command.Action.Type, command.Caller.Scopes) is { } missing) return Refused(missing);
        if (ScheduleReader.FindProblem(command.Schedule, command.Zone, now) is { } unreadable) return Refused(unreadable);
        if (await _services.Definitions.FindProblemAsync(Key.Tenant, command.Action, cancellationToken) is { } problem) return Refused(problem);
        var next = new ScheduledTaskState
        {
            CreatedAt = now,
            UpdatedAt = now,
            Name = command.Name,
            Anchor = WholeSecond(now),
            Zone = command.Zone,
            Action = TaskActionState.Of(command.Action),
            Overlap = command.Overlap,
            Misfire = command.Misfire,
            Timeout = command.Timeout,
            Retries = command.Retries,
            KeyId = command.Caller.KeyId,
            Scopes = command.Caller.Scopes,
        }.With(command.Schedule);
        var row = new TaskRowState { Key = Key, CreatedAt = now, KeyId = next.KeyId, Through = now, NextAt = NextOf(next, now) };
        if (!await _services.Store.AddAsync(row, _services.Options.MaxTasks, CancellationToken.None))
        {
            // A creation that a crash has cut has left its row.
            if (await _services.Store.FindAsync(Key, cancellationToken) is null) return Refused(Problem.Conflict(TaskReasons.TooManyTasks(_services.Options.MaxTasks)));
            await _services.Store.RemoveAsync(Key, CancellationToken.None);
            if (!await _services.Store.AddAsync(row, _services.Options.MaxTasks, CancellationToken.None)) return Refused(SessionProblems.Unavailable);
        }

        await _state.WriteAsync(next, this);
        _row = row;
        Adopt(next);
        _alarm.Forget();
        Advance();
        LogCreated(Key.ToString());
        return new TaskChanged(await DescribeAsync(cancellationToken), null);
    }

    public async Task<TaskInfo?> Get(CancellationToken cancellationToken) => _current.Exists() ? await DescribeAsync(cancellationToken) : null;

    public async Task<TaskInfo?> Confirm(CancellationToken cancellationToken)
    {
        if (_current.Exists()) return await DescribeAsync(cancellationToken);
        await RemoveRowsAsync();
        return null;
    }

    public async Task<TaskChanged> Update(UpdateTask command, CancellationToken cancellationToken)
    {
        if (!_current.Exists()) return Refused(NotFound);
        using (await EnterAsync())
        {
            var now = _services.Now();
            var (next, problem) = await ChangeAsync(command, now, cancellationToken);
            if (problem is not null) return Refused(problem);
            if (next == _current) return new TaskChanged(await DescribeAsync(cancellationToken), null);
            var isResumed = _current.Paused && !next.Paused;
            var countsAnew = next.Anchor != _current.Anchor || next.Paused != _current.Paused;
            var through = countsAnew ? now : _row!.Through;
            var row = _row! with
            {
                KeyId = next.KeyId,
                Through = through,
                NextAt = NextOf(next, through),
                Failures = isResumed ? 0 : _row.Failures,
            };
            if (row != _row && !await MoveAsync(row)) return Refused(SessionProblems.Unavailable);
            await _state.WriteAsync(next with { UpdatedAt = now }, this);
            Adopt(next with { UpdatedAt = now });
            if (countsAnew) _alarm.Forget();
        }

        Advance();
        return new TaskChanged(await DescribeAsync(cancellationToken), null);
    }

    public async Task<bool> Delete(CancellationToken cancellationToken)
    {
        if (!_current.Exists())
        {
            await RemoveRowsAsync();
            return false;
        }

        // Whatever becomes of it, the next call reads anew.
        DeactivateOnIdle();
        _isLeaving = true;
        try
        {
            await Task.WhenAll(_runs.Select(run => run.CancelAsync())).WaitAsync(CancelTime, _services.Time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            LogNotEnded(Key.ToString());
        }

        await _alarm.RemoveAsync();
        using (await EnterAsync())
        {
            _current = new ScheduledTaskState();
            await _state.ClearStateAsync(CancellationToken.None);
            await RemoveRowsAsync();
        }

        return true;
    }

    public async Task<TaskRunStarted> Run(TaskCaller caller, CancellationToken cancellationToken)
    {
        if (!_current.Exists()) return new TaskRunStarted(null, NotFound);
        if (TaskDefinitions.FindMissingScope(_current.Action.Type, caller.Scopes) is { } missing) return new TaskRunStarted(null, missing);
        TaskRun run;
        using (await EnterAsync())
        {
            if (OverlapRules.Decide(_current.Overlap, Running, Waiting) is TaskRunStatus.Skipped)
                return new TaskRunStarted(null, Problem.Conflict(_current.Overlap is TaskOverlap.Skip ? TaskReasons.UnderWay : TaskReasons.QueueFull));
            var slot = _services.Now();
            TaskRunState row;
            while (true)
            {
                row = TaskRuns.New(Key, slot, isManual: true, _current.Action, _claim);
                if (_runs.All(other => other.Row.RunId != row.RunId))
                {
                    var (moved, added) = await _services.Store.MoveAsync(_row!, row, null, CancellationToken.None);
                    if (!moved)
                    {
                        StepDown();
                        return new TaskRunStarted(null, SessionProblems.Unavailable);
                    }

                    _row = _row! with { Revision = _row.Revision + 1 };
                    if (added) break;
                }

                // Of two that were asked for in the same instant.
                slot += Instant;
            }

            _runs.Add(run = new TaskRun(this, _services, row));
        }

        Advance();
        return new TaskRunStarted(TaskRuns.Describe(run.Row), null);
    }

    public async Task<TaskRunPage?> ListRuns(int limit, string? cursor, CancellationToken cancellationToken)
    {
        if (!_current.Exists()) return null;
        PageCursor? after = null;
        if (cursor is not null && !PageCursor.TryParse(cursor, PagedList.TaskRuns, out after))
            return new TaskRunPage { Problem = Problem.Invalid("cursor", Reasons.InvalidCursor) };
        var (rows, isCut) = await _services.Store.ListRunsAsync(
            Key, after?.CreatedAt ?? DateTimeOffset.MaxValue, after?.Id == bool.TrueString, limit + 1, cancellationToken);
        var page = rows.Take(limit).ToList();
        return new TaskRunPage
        {
            Runs = page.Select(TaskRuns.Describe).ToArray(),
            NextCursor = isCut || rows.Count > limit ? new PageCursor(PagedList.TaskRuns, page[^1].Slot, page[^1].IsManual.ToString()).ToString() : null,
        };
    }

    public async Task Wake(CancellationToken cancellationToken)
    {
        if (_current.Exists()) Advance();
        else await RemoveRowsAsync();
    }

    public async Task CheckKey(CancellationToken cancellationToken)
    {
        if (_current.Exists() && !_current.Paused) await ((IRunningTask)this).CheckKeyAsync();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (!_current.Exists())
        {
            await _alarm.RemoveAsync();
            return;
        }

        // It reaches no further, or nobody has set the next one: then it is set anew.
        if (_row!.NextAt is not { } next || next - _services.Time.GetUtcNow() > EarlyReminder) _alarm.Forget();
        Advance();
    }

    async Task<bool> IRunningTask.CheckKeyAsync()
    {
        if (await _services.Owners.HoldsAsync(Key.Tenant, _current, CancellationToken.None)) return true;
        using (await EnterAsync())
        {
            if (_current.Paused || !_current.Exists()) return false;
            if (await MoveAsync(_row! with { NextAt = null }, TaskEvents.Paused(_current, _row, null, Problem.Conflict(TaskReasons.KeyGone))))
                await PauseAsync(PausedReasons.Key);
        }

        _services.Bell.Ring(Key.Tenant);
        return false;
    }

    async Task<bool> IRunningTask.GoOnAsync(TaskRunState run)
    {
        var isOurs = await PersistAsync(() => _services.Store.GoOnAsync(run, null, CancellationToken.None));
        if (!isOurs) StepDown();
        return isOurs;
    }

    async Task IRunningTask.EndAsync(TaskRunState run)
    {
        await PersistAsync(() => EndOnceAsync(run));
        _services.Bell.Ring(Key.Tenant);
    }

    private static Problem NotFound => Problem.NotFound("taskId", TaskReasons.NotFound);

    private static TaskChanged Refused(Problem problem) => new(null, problem);

    private static DateTimeOffset WholeSecond(DateTimeOffset time) => DateTimeOffset.FromUnixTimeSeconds(time.ToUnixTimeSeconds());

    private static DateTimeOffset? NextOf(ScheduledTaskState definition, DateTimeOffset through) =>
        definition.Paused ? null : ScheduleReader.Read(definition.Schedule(), definition.Zone, definition.Anchor).NextAfter(through);

    private void Adopt(ScheduledTaskState definition)
    {
        _current = definition;
        _schedule = ScheduleReader.Read(definition.Schedule(), definition.Zone, definition.Anchor);
    }

    /// <summary>The definition as it is to be, or why it cannot be.</summary>
    private async Task<(ScheduledTaskState Next, Problem? Problem)> ChangeAsync(UpdateTask command, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var next = _current with
        {
            Name = command.Name ?? _current.Name,
            Zone = command.Zone ?? _current.Zone,
            Action = command.Action is { } action ? TaskActionState.Of(action) : _current.Action,
            Overlap = command.Overlap ?? _current.Overlap,
            Misfire = command.Misfire ?? _current.Misfire,
            Timeout = command.Timeout ?? _current.Timeout,
            Retries = command.Retries ?? _current.Retries,
            Paused = command.Paused ?? _current.Paused,
        };
        if (command.Schedule is { } schedule) next = next.With(schedule);
        var isRescheduled = next.Schedule() != _current.Schedule() || next.Zone != _current.Zone;
        if ((isRescheduled || command.Paused == false) && ScheduleReader.FindProblem(next.Schedule(), next.Zone, now) is { } unreadable)
            return (next, unreadable);
        if (command.Action is { } given && await _services.Definitions.FindProblemAsync(Key.Tenant, given, cancellationToken) is { } impossible)
            return (next, impossible);
        if (command.Action is not null || command.Paused == false)
        {
            if (TaskDefinitions.FindMissingScope(next.Action.Type, command.Caller.Scopes) is { } missing) return (next, missing);
            next = next with { KeyId = command.Caller.KeyId, Scopes = command.Caller.Scopes };
        }

        if (command.Paused is not null && next.Paused != _current.Paused) next = next with { PausedReason = null };
        if (isRescheduled || (_current.Paused && !next.Paused)) next = next with { Anchor = WholeSecond(now) };
        return (next, null);
    }

    private async Task<TaskInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        var (definition, row, schedule) = (_current, _row!, _schedule);
        var last = await _services.Store.FindLastRunAsync(Key, cancellationToken);
        return new TaskInfo
        {
            TaskId = Key.TaskId,
            Name = definition.Name,
            Schedule = definition.Schedule(),
            Zone = definition.Zone,
            Status = definition.Paused ? ScheduledTaskStatus.Paused : row.NextAt is null ? ScheduledTaskStatus.Completed : ScheduledTaskStatus.Scheduled,
            Action = definition.Action.ToAction(),
            Overlap = definition.Overlap,
            Misfire = definition.Misfire,
            Timeout = definition.Timeout,
            Retries = definition.Retries,
            NextRuns = definition.Paused ? [] : Slots.After(schedule, row.Through).Take(ShownSlots).ToArray(),
            PausedReason = definition.PausedReason,
            LastRun = last is null ? null : TaskRuns.Describe(last),
            Failures = row.Failures,
            CreatedAt = definition.CreatedAt!.Value,
            UpdatedAt = definition.UpdatedAt,
            Warnings = await _services.Definitions.FindWarningsAsync(Key.Tenant, definition.Action, cancellationToken),
        };
    }

    /// <summary>Sees to slots that have come and runs that may begin. Returns at once; calls that meet are one.</summary>
    private void Advance()
    {
        _isRungAgain = true;
        if (_advancing.IsCompleted && !_isLeaving) _advancing = AdvanceAsync();
    }

    private async Task AdvanceAsync()
    {
        try
        {
            while (_isRungAgain)
            {
                _isRungAgain = false;
                while (!_isLeaving && _current.Exists() && await AdvanceOnceAsync())
                {
                    // There may be more.
                }
            }

            if (!_isLeaving && _current.Exists()) _alarm.Set(_row!.NextAt);
        }
        catch (OperationCanceledException) when (_isLeaving)
        {
            // The next activation goes on.
        }
        catch (Exception failure)
        {
            LogNotAdvanced(failure, Key.ToString(), RetryPause);
            if (!_isLeaving) _alarm.RingIn(RetryPause);
        }
    }

    /// <summary>The next thing that is to be done; false when there is none.</summary>
    private async Task<bool> AdvanceOnceAsync()
    {
        if (await RepairAsync()) return true;
        if (_runs.Find(run => run.IsWaiting) is { } waiting && OverlapRules.MayStart(_current.Overlap, Running))
        {
            using var start = await _services.Starts.AcquireAsync(Key.Tenant, _left.Token);
            await BeginAsync(waiting);
            return true;
        }

        var now = _services.Now();
        if (_row!.NextAt is not { } due || due > now) return false;
        if (MisfireRules.Choose(_schedule, _current.Misfire, _row.Through, now) is not [var slot, ..])
        {
            using (await EnterAsync())
            {
                if (_row.NextAt <= now) await MoveAsync(_row with { Through = now, NextAt = NextOf(_current, now) });
            }

            return true;
        }

        using (await _services.Starts.AcquireAsync(Key.Tenant, _left.Token)) await FireAsync(slot);
        return true;
    }

    /// <summary>Brings together what a crash has left apart: the state is what counts. False when there was nothing to do.</summary>
    private async Task<bool> RepairAsync()
    {
        var isToPause = _row!.Failures >= MostFailures && !_current.Paused;
        if (!isToPause && _row.NextAt == NextOf(_current, _row.Through)) return false;
        using (await EnterAsync())
        {
            if (_row.Failures >= MostFailures && !_current.Paused) await PauseAsync(PausedReasons.Failures);
            var next = NextOf(_current, _row.Through);
            if (_row.NextAt != next) await MoveAsync(_row with { NextAt = next });
        }

        return true;
    }

    /// <summary>A slot has come: its run's row, and what is told of it, stand in one transaction with the task's step past the slot.</summary>
    private async Task FireAsync(DateTimeOffset slot)
    {
        if (!await ((IRunningTask)this).CheckKeyAsync()) return;
        TaskRun run;
        using (await EnterAsync())
        {
            // While it waited for its turn the task may have been changed.
            if (_isLeaving || _current.Paused || slot <= _row!.Through) return;
            var now = _services.Now();
            var row = TaskRuns.New(Key, slot, isManual: false, _current.Action, _claim);
            row = OverlapRules.Decide(_current.Overlap, Running, Waiting) switch
            {
                TaskRunStatus.Running => row with { Status = TaskRunStatus.Running, Attempt = 1, StartedAt = now },
                TaskRunStatus.Skipped => row with
                {
                    Status = TaskRunStatus.Skipped, FinishedAt = now, SessionId = null, Error = TaskRuns.Encode(Problem.Conflict(TaskReasons.Skipped)),
                },
                _ => row,
            };
            var task = _row with { Through = slot, NextAt = NextOf(_current, slot) };
            var told = row.Status is TaskRunStatus.Running ? TaskEvents.Started(_current, row) : null;
            var (moved, added) = await _services.Store.MoveAsync(task, row, told, CancellationToken.None);
            if (!moved)
            {
                StepDown();
                return;
            }

            _row = task with { Revision = task.Revision + 1 };
            if (!added || row.FinishedAt is not null) return;
            _runs.Add(run = new TaskRun(this, _services, row));
        }

        if (!run.IsWaiting) await StartAsync(run, run.Row);
    }

    /// <summary>A run that has waited begins.</summary>
    private async Task BeginAsync(TaskRun run)
    {
        // While it waited for its turn the task may have been deleted.
        if (_isLeaving) return;
        var now = _services.Now();
        if (!await ((IRunningTask)this).CheckKeyAsync())
        {
            await ((IRunningTask)this).EndAsync(run.Row with
            {
                Status = TaskRunStatus.Failed, FinishedAt = now, Error = TaskRuns.Encode(Problem.Conflict(TaskReasons.KeyGone)),
            });
            Forget(run);
            return;
        }

        var row = run.Row with { Status = TaskRunStatus.Running, Attempt = 1, StartedAt = now };
        if (await _services.Store.GoOnAsync(row, TaskEvents.Started(_current, row), CancellationToken.None)) await StartAsync(run, row);
        else StepDown();
    }

    private async Task StartAsync(TaskRun run, TaskRunState row)
    {
        _services.Bell.Ring(Key.Tenant);
        run.Start(row);
        _ = FollowAsync(run);
        try
        {
            await run.Begun.WaitAsync(StartPatience, _services.Time, _left.Token);
        }
        catch (TimeoutException)
        {
            // It goes on starting without holding up others.
        }
    }

    private async Task FollowAsync(TaskRun run)
    {
        DelayDeactivation(StayTime);
        await run.Ended;
        if (_isLeaving) return;
        Forget(run);
        if (run.Row.FinishedAt is null)
        {
            StepDown();
            return;
        }

        if (_ended++ % RunsPerTrim == 0) await TrimAsync();
        Advance();
    }

    private void Forget(TaskRun run)
    {
        _runs.Remove(run);
        run.Dispose();
    }

    private async Task TrimAsync()
    {
        try
        {
            await _services.Store.TrimRunsAsync(Key, KeptRuns, CancellationToken.None);
        }
        catch (StorageUnavailableException failure)
        {
            // The next time takes them along.
            LogNotTrimmed(failure, Key.ToString());
        }
    }

    private async Task<bool> EndOnceAsync(TaskRunState run)
    {
        using (await EnterAsync())
        {
            var isFailure = run.Status is TaskRunStatus.Failed or TaskRunStatus.Timeout;
            var failures = isFailure ? _row!.Failures + 1 : run.Status is TaskRunStatus.Succeeded ? 0 : _row!.Failures;
            var pauses = isFailure && failures >= MostFailures && !_current.Paused;
            var told = new List<OutboxEntry>();
            if (run.StartedAt is not null) told.Add(TaskEvents.Completed(_current, run));
            if (isFailure) told.Add(TaskEvents.Failed(_current, run));
            if (pauses) told.Add(TaskEvents.Paused(_current, _row!, run.RunId, Problem.Conflict(TaskReasons.PausedAfter(failures))));
            if (!await _services.Store.EndAsync(run, new TaskFailures(failures, pauses), told, CancellationToken.None))
            {
                StepDown();
                return false;
            }

            _row = _row! with { Failures = failures, NextAt = pauses ? null : _row.NextAt };
        }

        LogEnded(run.RunId, Key.ToString(), run.Status, run.Attempt);
        return true;
    }

    /// <summary>Behind the gate.</summary>
    private async Task PauseAsync(string reason)
    {
        var next = _current with { Paused = true, PausedReason = reason, UpdatedAt = _services.Now() };
        await _state.WriteAsync(next, this);
        Adopt(next);
        LogPaused(Key.ToString(), reason);
    }

    /// <summary>Behind the gate. False when another activation has changed the row: this one leaves.</summary>
    private async Task<bool> MoveAsync(TaskRowState row, OutboxEntry? told = null)
    {
        var (moved, _) = await _services.Store.MoveAsync(row, null, told, CancellationToken.None);
        if (moved) _row = row with { Revision = row.Revision + 1 };
        else StepDown();
        return moved;
    }

    /// <summary>Writes until it is written: what a run came to must not be lost to a database that is away.</summary>
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
                LogNotWritten(failure, Key.ToString(), RetryPause);
            }

            await Task.Delay(RetryPause, _services.Time, _left.Token);
        }
    }

    /// <summary>Another activation has taken over, or something of this one stands still: the next call reads anew.</summary>
    private void StepDown()
    {
        _isLeaving = true;
        DeactivateOnIdle();
    }

    private async Task RemoveRowsAsync()
    {
        while (await _services.Store.RemoveSomeRunsAsync(Key, CancellationToken.None))
        {
            // Piece by piece.
        }

        await _services.Store.RemoveAsync(Key, CancellationToken.None);
    }

    private async Task<Gate> EnterAsync()
    {
        await _gate.WaitAsync();
        return new Gate(_gate);
    }

    [LoggerMessage(8211, LogLevel.Information, "The task {Task} was created")]
    private partial void LogCreated(string task);

    [LoggerMessage(8212, LogLevel.Information, "The run {Run} of the task {Task} ended: {Status} at attempt {Attempt}")]
    private partial void LogEnded(string run, string task, TaskRunStatus status, int attempt);

    [LoggerMessage(8213, LogLevel.Information, "The task {Task} was paused: {Reason}")]
    private partial void LogPaused(string task, string reason);

    [LoggerMessage(8214, LogLevel.Warning, "What the runs of the deleted task {Task} had begun could not be ended in time")]
    private partial void LogNotEnded(string task);

    [LoggerMessage(8215, LogLevel.Warning, "The slots of the task {Task} could not be seen to; it is tried again in {Pause}")]
    private partial void LogNotAdvanced(Exception exception, string task, TimeSpan pause);

    [LoggerMessage(8216, LogLevel.Warning, "A step of a run of the task {Task} could not be written; it is tried again in {Pause}")]
    private partial void LogNotWritten(Exception exception, string task, TimeSpan pause);

    [LoggerMessage(8217, LogLevel.Warning, "Old runs of the task {Task} could not be removed; they go with a later run")]
    private partial void LogNotTrimmed(Exception exception, string task);

    private readonly struct Gate(SemaphoreSlim gate) : IDisposable
    {
        public void Dispose() => gate.Release();
    }
}
