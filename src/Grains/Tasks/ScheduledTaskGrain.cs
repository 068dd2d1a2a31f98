using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Paging;
using OpenClaw.Grains.Sessions;
using OpenClaw.Grains.State;
using OpenClaw.Grains.Tasks.Schedules;
using OpenClaw.Storage.Tasks;

namespace OpenClaw.Grains.Tasks;

/// <inheritdoc cref="IScheduledTaskGrain"/>
[GrainType("scheduled-task")]
internal sealed partial class ScheduledTaskGrain : Grain, IScheduledTaskGrain, IScheduledTaskRecord, IRemindable, IDisposable
{
    private const int ShownSlots = 5;

    /// <summary>Longer than the watch takes to look for runs again.</summary>
    private static readonly TimeSpan StayTime = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan EarlyReminder = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan CancelTime = TimeSpan.FromSeconds(20);

    private readonly TaskServices _services;
    private readonly ILogger _logger;
    private readonly TaskKey _key;
    private readonly TaskLedger _task;
    private readonly SlotLoop _slots;

    public ScheduledTaskGrain([PersistentState(StateNames.Task, StateStorage.Provider)] IPersistentState<ScheduledTaskState> state, TaskServices services)
    {
        (_services, _logger) = (services, services.Logger);
        _key = TaskKey.Parse(this.GetPrimaryKeyString());
        _task = new TaskLedger(_key, state, services, this);
        _slots = new SlotLoop(_task, services, this, () => DelayDeactivation(StayTime));
    }

    private static Problem NotFound => Problem.NotFound("taskId", TaskReasons.NotFound);

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (await _task.LoadAsync(cancellationToken) is not { } unfinished) return;
        _slots.Alarm.Assume(_task.NextSlot);
        _slots.Resume(unfinished);
        _slots.Advance();
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _task.LeaveAsync();
        await _slots.LeaveAsync();
    }

    public void Dispose()
    {
        _slots.Dispose();
        _task.Dispose();
    }

    public async Task<TaskChanged> Create(CreateTask command, CancellationToken cancellationToken)
    {
        if (_task.Definition.Exists()) return await AnswerAsync(cancellationToken);
        var (definition, problem) = await _services.Definitions.MakeAsync(_key.Tenant, command, _services.Now(), cancellationToken);
        if (definition is null) return Refused(problem!);
        var row = new TaskRowState
        {
            Key = _key,
            CreatedAt = definition.UpdatedAt,
            KeyId = definition.KeyId,
            Through = definition.UpdatedAt,
            NextAt = TaskDefinitions.NextOf(definition, definition.UpdatedAt),
        };
        if (!await _services.Store.AddAsync(row, _services.Options.MaxTasks, CancellationToken.None))
        {
            // A creation that a crash has cut has left its row.
            if (await _services.Store.FindAsync(_key, cancellationToken) is null) return Refused(Problem.Conflict(TaskReasons.TooManyTasks(_services.Options.MaxTasks)));
            await _services.Store.RemoveAsync(_key, CancellationToken.None);
            if (!await _services.Store.AddAsync(row, _services.Options.MaxTasks, CancellationToken.None)) return Refused(SessionProblems.Unavailable);
        }

        await _task.CreateAsync(definition, row);
        _slots.Alarm.Forget();
        _slots.Advance();
        LogCreated(_key.ToString());
        return await AnswerAsync(cancellationToken);
    }

    public async Task<TaskInfo?> Get(CancellationToken cancellationToken) => _task.Definition.Exists() ? await DescribeAsync(cancellationToken) : null;

    public async Task<TaskInfo?> Confirm(CancellationToken cancellationToken)
    {
        if (_task.Definition.Exists()) return await DescribeAsync(cancellationToken);
        await _task.RemoveRowsAsync();
        return null;
    }

    public async Task<TaskChanged> Update(UpdateTask command, CancellationToken cancellationToken)
    {
        if (!_task.Definition.Exists()) return Refused(NotFound);
        using (await _task.EnterAsync())
        {
            var (current, row, now) = (_task.Definition, _task.Row!, _services.Now());
            var (next, countsAnew, problem) = await _services.Definitions.ChangeAsync(_key.Tenant, current, command, now, cancellationToken);
            if (problem is not null) return Refused(problem);
            if (next != current)
            {
                // A clock that goes back takes no slot back.
                var through = countsAnew && now > row.Through ? now : row.Through;
                var moved = row with
                {
                    KeyId = next.KeyId,
                    Through = through,
                    NextAt = TaskDefinitions.NextOf(next, through),
                    Failures = current.Paused && !next.Paused ? 0 : row.Failures,
                };
                if (moved != row && !(await _task.MoveAsync(moved)).Moved) return Refused(SessionProblems.Unavailable);
                await _task.WriteAsync(next with { UpdatedAt = now });
                if (countsAnew) _slots.Alarm.Forget();
            }
        }

        _slots.Advance();
        return await AnswerAsync(cancellationToken);
    }

    public async Task<bool> Delete(CancellationToken cancellationToken)
    {
        if (!_task.Definition.Exists())
        {
            await _task.RemoveRowsAsync();
            return false;
        }

        // Whatever becomes of it, the next call reads anew.
        _task.StepDown();
        using (await _task.EnterAsync())
        {
            // A run that is just being made is among the others now.
        }

        try
        {
            await _slots.CancelAsync(CancelTime);
        }
        catch (TimeoutException)
        {
            LogNotEnded(_key.ToString());
        }

        await _slots.Alarm.RemoveAsync();
        await _task.RemoveAsync();
        return true;
    }

    public async Task<TaskRunStarted> Run(TaskCaller caller, CancellationToken cancellationToken)
    {
        if (!_task.Definition.Exists()) return new TaskRunStarted(null, NotFound);
        return TaskDefinitions.FindMissingScope(_task.Definition.Action.Type, caller.Scopes) is { } missing
            ? new TaskRunStarted(null, missing)
            : await _slots.AddAsync();
    }

    public async Task<TaskRunPage?> ListRuns(int limit, string? cursor, CancellationToken cancellationToken)
    {
        if (!_task.Definition.Exists()) return null;
        PageCursor? after = null;
        if (cursor is not null && !PageCursor.TryParse(cursor, PagedList.TaskRuns, out after))
            return new TaskRunPage { Problem = Problem.Invalid("cursor", Reasons.InvalidCursor) };
        var (rows, isCut) = await _services.Store.ListRunsAsync(
            _key, after?.CreatedAt ?? DateTimeOffset.MaxValue, after?.Id == bool.TrueString, limit + 1, cancellationToken);
        var page = rows.Take(limit).ToList();
        return new TaskRunPage
        {
            Runs = page.Select(TaskRuns.Describe).ToArray(),
            NextCursor = isCut || rows.Count > limit ? new PageCursor(PagedList.TaskRuns, page[^1].Slot, page[^1].IsManual.ToString()).ToString() : null,
        };
    }

    public async Task Wake(CancellationToken cancellationToken)
    {
        if (_task.Definition.Exists()) _slots.Advance();
        else await _task.RemoveRowsAsync();
    }

    public async Task CheckKey(CancellationToken cancellationToken)
    {
        if (_task.Definition.Exists() && !_task.Definition.Paused) await _task.CheckKeyAsync();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (!_task.Definition.Exists())
        {
            await _slots.Alarm.RemoveAsync();
            return;
        }

        // It reaches no further, or nobody has set the next one: then it is set anew.
        if (_task.NextSlot is not { } next || next - _services.Time.GetUtcNow() > EarlyReminder) _slots.Alarm.Forget();
        _slots.Advance();
    }

    private static TaskChanged Refused(Problem problem) => new(null, problem);

    private async Task<TaskChanged> AnswerAsync(CancellationToken cancellationToken) => new(await DescribeAsync(cancellationToken), null);

    private async Task<TaskInfo> DescribeAsync(CancellationToken cancellationToken)
    {
        var (definition, row, schedule) = (_task.Definition, _task.Row!, _task.Schedule);
        var last = await _services.Store.FindLastRunAsync(_key, cancellationToken);
        return new TaskInfo
        {
            TaskId = _key.TaskId,
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
            Warnings = await _services.Definitions.FindWarningsAsync(_key.Tenant, definition.Action, cancellationToken),
        };
    }

    [LoggerMessage(8311, LogLevel.Information, "The task {Task} was created")]
    private partial void LogCreated(string task);

    [LoggerMessage(8314, LogLevel.Warning, "What the runs of the deleted task {Task} had begun could not be ended in time")]
    private partial void LogNotEnded(string task);
}
