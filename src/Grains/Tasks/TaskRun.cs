using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Tasks.Actions;
using OpenClaw.Grains.Tasks.Schedules;
using OpenClaw.Storage.Tasks;

namespace OpenClaw.Grains.Tasks;

/// <summary>
/// Drives one run from attempt to attempt to its end. Each step is in its row before it is made, so that another activation can go on
/// with it.
/// </summary>
internal sealed partial class TaskRun(IRunningTask task, TaskServices services, TaskRunState row) : IDisposable
{
    /// <summary>Attempts of what may be done twice and is cut by restarts again and again.</summary>
    private const int MostRestarts = 5;

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _cancelled = new();
    private readonly CancellationTokenSource _left = new();
    private readonly ILogger _logger = services.Logger;

    public TaskRunState Row { get; private set; } = row;

    /// <summary>It waits for the runs before it.</summary>
    public bool IsWaiting => Row.Status is TaskRunStatus.Queued;

    /// <summary>Completes when it does not hold up the start of others any more.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Completes when it has ended, or was left to another activation. Never fails.</summary>
    public Task Ended { get; private set; } = Task.CompletedTask;

    /// <summary>The run's row says that it runs; from now on it does.</summary>
    /// <param name="next">The row.</param>
    public void Start(TaskRunState next)
    {
        Row = next;
        Ended = DriveAsync(goesOn: false);
    }

    /// <summary>Goes on with what another activation has begun.</summary>
    public void Resume() => Ended = DriveAsync(goesOn: true);

    /// <summary>Nobody wants it any more. Completes when its end is written.</summary>
    public async Task CancelAsync()
    {
        await _cancelled.CancelAsync();
        await Ended;
    }

    /// <summary>Leaves it, as it is, to the next activation.</summary>
    public async Task LeaveAsync()
    {
        await _left.CancelAsync();
        await Ended;
    }

    public void Dispose()
    {
        _cancelled.Dispose();
        _left.Dispose();
    }

    private async Task DriveAsync(bool goesOn)
    {
        try
        {
            var outcome = Row.Status is TaskRunStatus.Retrying ? await RetryAsync() : await AttemptAsync(goesOn);
            while (outcome is not null)
            {
                if (NextAttempt(outcome) is not { } next)
                {
                    await EndAsync(outcome);
                    return;
                }

                Row = Row with { Status = TaskRunStatus.Retrying, NextAttemptAt = next, Error = TaskRuns.Encode(outcome.Error), Result = outcome.Result };
                if (!await task.GoOnAsync(Row)) return;
                outcome = await RetryAsync();
            }
        }
        catch (OperationCanceledException) when (_left.IsCancellationRequested)
        {
            // The next activation goes on.
        }
        catch (Exception failure)
        {
            LogFailed(failure, Row.RunId, task.Key.ToString());
        }
        finally
        {
            _begun.TrySetResult();
        }
    }

    private DateTimeOffset? NextAttempt(TaskOutcome outcome)
    {
        if (!outcome.MayRepeat) return null;
        if (outcome.IsInterrupted) return Row.Attempt <= MostRestarts ? services.Now() : null;
        return RetryRules.NextAttempt(Row.Attempt, task.Definition.Retries, services.Now(), task.NextSlot);
    }

    /// <summary>Waits for the time of the next attempt and makes it; null when it was left.</summary>
    private async Task<TaskOutcome?> RetryAsync()
    {
        _begun.TrySetResult();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_cancelled.Token, _left.Token);
        try
        {
            var wait = (Row.NextAttemptAt ?? services.Now()) - services.Time.GetUtcNow();
            if (wait > TimeSpan.Zero) await Task.Delay(wait, services.Time, ending.Token);
            using var start = await services.Starts.AcquireAsync(task.Key.Tenant, ending.Token);
            if (!await task.CheckKeyAsync()) return new TaskOutcome(TaskRunStatus.Failed) { Error = Problem.Conflict(TaskReasons.KeyGone) };
        }
        catch (OperationCanceledException) when (_cancelled.IsCancellationRequested && !_left.IsCancellationRequested)
        {
            return TaskOutcome.Cancelled;
        }

        Row = Row with { Status = TaskRunStatus.Running, Attempt = Row.Attempt + 1, NextAttemptAt = null, Error = null, Result = null };
        return await task.GoOnAsync(Row) ? await AttemptAsync(goesOn: false) : null;
    }

    /// <summary>How the attempt ended; null when it was left to another activation.</summary>
    private async Task<TaskOutcome?> AttemptAsync(bool goesOn)
    {
        var definition = task.Definition;
        var time = TimeSpan.FromMilliseconds(definition.Timeout);
        var runner = services.RunnerOf(definition.Action.Type);
        var attempt = new TaskAttempt
        {
            Tenant = task.Key.Tenant,
            RunId = Row.RunId,
            Number = Row.Attempt,
            Name = definition.Name,
            Action = definition.Action,
            Scopes = definition.Scopes,
            KeyId = definition.KeyId,
            Time = time,
            SessionId = Row.SessionId,
        };
        using var timeout = new CancellationTokenSource(time, services.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _cancelled.Token, _left.Token);
        try
        {
            var outcome = await runner.RunAsync(attempt, goesOn, () => _begun.TrySetResult(), ending.Token);
            // What the end of this server cuts, another one sees to.
            return outcome.IsInterrupted && services.IsStopping ? null : outcome;
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested)
        {
            if (_left.IsCancellationRequested) return null;
            await StopAsync(runner, attempt);
            return _cancelled.IsCancellationRequested ? TaskOutcome.Cancelled : TaskOutcome.TimedOut(definition.Timeout);
        }
        catch (Exception failure) when (!services.IsStopping)
        {
            LogAttemptFailed(failure, Row.RunId, task.Key.ToString());
            return TaskOutcome.Failure(Reasons.Unexpected);
        }
    }

    private async Task StopAsync(ITaskActionRunner runner, TaskAttempt attempt)
    {
        try
        {
            await runner.CancelAsync(attempt);
        }
        catch (Exception failure)
        {
            LogNotStopped(failure, Row.RunId, task.Key.ToString());
        }
    }

    private async Task EndAsync(TaskOutcome outcome)
    {
        var ended = Row with
        {
            Status = outcome.Status,
            FinishedAt = services.Now(),
            NextAttemptAt = null,
            Error = TaskRuns.Encode(outcome.Error),
            Result = outcome.Result,
        };
        // What nobody has written has not ended.
        if (await task.EndAsync(ended)) Row = ended;
    }

    [LoggerMessage(8301, LogLevel.Error, "The run {Run} of the task {Task} stands still; the next activation of the task goes on with it")]
    private partial void LogFailed(Exception exception, string run, string task);

    [LoggerMessage(8302, LogLevel.Error, "An attempt of the run {Run} of the task {Task} failed unexpectedly")]
    private partial void LogAttemptFailed(Exception exception, string run, string task);

    [LoggerMessage(8303, LogLevel.Warning, "What the run {Run} of the task {Task} had begun could not be ended")]
    private partial void LogNotStopped(Exception exception, string run, string task);
}
