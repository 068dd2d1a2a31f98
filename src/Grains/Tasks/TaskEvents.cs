using System.Globalization;
using System.Text.Json;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Tasks;

namespace OpenClaw.Grains.Tasks;

/// <summary>What the tenant is told of tasks and their runs; see <c>docs/events.md</c>.</summary>
internal static class TaskEvents
{
    /// <summary>Of a result in an event, in bytes of JSON; the record of the run has all of it.</summary>
    private const int MaxResult = 64 * 1024;

    public static OutboxEntry Started(ScheduledTaskState task, TaskRunState run) => Of(run, EventTypes.TaskStarted, json => WriteRun(json, task, run));

    public static OutboxEntry Completed(ScheduledTaskState task, TaskRunState run) => Of(run, EventTypes.TaskCompleted, json =>
    {
        WriteRun(json, task, run);
        json.WriteTime("finishedAt", run.FinishedAt);
        json.WriteString("status", TaskRuns.NameOf(run.Status));
        json.WriteNumber("attempt", run.Attempt);
        if (run.Result is { Length: > MaxResult })
        {
            json.WriteBoolean("resultTruncated", true);
        }
        else if (run.Result is { } result)
        {
            json.WritePropertyName("result");
            json.WriteRawValue(result, skipInputValidation: true);
        }

        if (TaskRuns.ErrorOf(run) is { } error) json.WriteError("error", error);
    });

    /// <summary>A run has failed for good.</summary>
    public static OutboxEntry Failed(ScheduledTaskState task, TaskRunState run) => Of(run, EventTypes.ErrorOccurred, json => WriteFailure(
        json, task, run.Key, run.RunId, isPaused: false, TaskRuns.ErrorOf(run) ?? Problem.Internal(500, Reasons.Unexpected)));

    /// <summary>The server has paused the task.</summary>
    /// <param name="task">Its definition.</param>
    /// <param name="row">As it was before.</param>
    /// <param name="runId">The run with which it did, or null.</param>
    /// <param name="why">Why.</param>
    public static OutboxEntry Paused(ScheduledTaskState task, TaskRowState row, string? runId, Problem why) => new(
        EventIds.Of(string.Create(CultureInfo.InvariantCulture, $"{row.Key}\n{row.Revision}\n{runId}\npaused")),
        EventTypes.ErrorOccurred,
        CompactJson.WriteObject(json => WriteFailure(json, task, row.Key, runId, isPaused: true, why)));

    private static OutboxEntry Of(TaskRunState run, string type, Action<Utf8JsonWriter> write) =>
        new(EventIds.Of($"{run.Key}\n{run.RunId}\n{type}"), type, CompactJson.WriteObject(write));

    private static void WriteRun(Utf8JsonWriter json, ScheduledTaskState task, TaskRunState run)
    {
        json.WriteString("taskId", run.Key.TaskId);
        json.WriteString("runId", run.RunId);
        json.WriteString("name", task.Name);
        json.WriteTime("scheduledFor", run.Slot);
        json.WriteTime("startedAt", run.StartedAt);
        json.WriteString("trigger", run.IsManual ? "manual" : "schedule");
        if (run.SessionId is { } session) json.WriteString("sessionId", session);
    }

    private static void WriteFailure(Utf8JsonWriter json, ScheduledTaskState task, TaskKey key, string? runId, bool isPaused, Problem why)
    {
        json.WriteString("source", "task");
        json.WriteString("taskId", key.TaskId);
        if (runId is not null) json.WriteString("runId", runId);
        json.WriteString("name", task.Name);
        json.WriteBoolean("paused", isPaused);
        json.WriteError("error", why);
    }
}
