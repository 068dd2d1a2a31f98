using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Tasks;

/// <summary>A task. <c>Schedule</c> is as it was given; <c>Warnings</c> say why runs would fail as things are.</summary>
internal sealed record TaskResource(
    string TaskId,
    string Name,
    RawJson Schedule,
    string Timezone,
    string Status,
    TaskActionResource Action,
    string Overlap,
    string Misfire,
    int Timeout,
    int Retries,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? NextRunAt,
    IReadOnlyList<DateTimeOffset> NextRuns,
    string? PausedReason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] TaskRunResource? LastRun,
    int Failures,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<string>? Warnings)
{
    public static TaskResource Of(TaskInfo task, HttpRequest request) => new(
        task.TaskId,
        task.Name,
        ScheduleOf(task.Schedule),
        task.Zone,
        NameOf(task.Status),
        TaskActionResource.Of(task.Action),
        NameOf(task.Overlap),
        NameOf(task.Misfire),
        task.Timeout,
        task.Retries,
        NextOf(task),
        task.NextRuns,
        task.PausedReason,
        task.LastRun is { } last ? TaskRunResource.Of(last, request) : null,
        task.Failures,
        task.CreatedAt,
        task.UpdatedAt,
        WarningsOf(task, request));

    public static string NameOf<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();

    public static DateTimeOffset? NextOf(TaskInfo task) => task.NextRuns is [var next, ..] ? next : null;

    public static RawJson ScheduleOf(TaskSchedule schedule) => new(new(schedule switch
    {
        { At: { } at } => CompactJson.WriteObject(json => json.WriteTime("at", at)),
        { EverySeconds: { } seconds } => CompactJson.WriteObject(json => json.WriteNumber("everySeconds", seconds)),
        _ => CompactJson.Text(schedule.Cron ?? ""),
    }));

    public static IReadOnlyList<string>? WarningsOf(TaskInfo task, HttpRequest request) =>
        task.Warnings.Count == 0 ? null : [.. task.Warnings.Select(warning => ErrorWriter.In(warning, LanguagePreference.Of(request)))];
}

/// <summary>What a task does; which members there are depends on the type.</summary>
internal sealed record TaskActionResource(
    string Type, string? Name, string? Action, RawJson? Params, string? SessionId, string? Content, string? Model, string? Command, string? Cwd)
{
    public static TaskActionResource Of(TaskAction action) => new(
        TaskResource.NameOf(action.Type),
        action.Skill,
        action.Action,
        action.Type is TaskActionType.Skill ? RawJson.OrEmptyObject(action.Parameters) : null,
        action.SessionId,
        action.Content,
        action.Model,
        action.Command,
        action.Directory);
}

internal sealed record TaskListResource(
    IReadOnlyList<TaskResource> Tasks, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);

/// <summary>What a creation answers.</summary>
internal sealed record CreatedTaskResource(
    string TaskId,
    string Name,
    RawJson Schedule,
    string Timezone,
    string Status,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? NextRunAt,
    IReadOnlyList<string>? Warnings)
{
    public static CreatedTaskResource Of(TaskInfo task, HttpRequest request) => new(
        task.TaskId,
        task.Name,
        TaskResource.ScheduleOf(task.Schedule),
        task.Zone,
        TaskResource.NameOf(task.Status),
        TaskResource.NextOf(task),
        TaskResource.WarningsOf(task, request));
}

internal sealed record DeletedTaskResource(string TaskId, string Status);

/// <summary>The record of a run: <c>Result</c> is what it came to, <c>Error</c> why it, or its last attempt, failed.</summary>
internal sealed record TaskRunResource(
    string RunId,
    DateTimeOffset ScheduledFor,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? StartedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? FinishedAt,
    string Status,
    int Attempt,
    DateTimeOffset? NextAttemptAt,
    string Trigger,
    RawJson? Result,
    TaskRunErrorResource? Error,
    string? SessionId)
{
    public static TaskRunResource Of(TaskRunInfo run, HttpRequest request) => new(
        run.RunId,
        run.ScheduledFor,
        run.StartedAt,
        run.FinishedAt,
        TaskResource.NameOf(run.Status),
        run.Attempt,
        run.NextAttemptAt,
        run.IsManual ? "manual" : "schedule",
        run.Result.IsEmpty ? null : new RawJson(run.Result),
        run.Error is { } error ? TaskRunErrorResource.Of(error, LanguagePreference.Of(request)) : null,
        run.SessionId);
}

/// <summary>An error as the envelope of an answer would have it, of no request.</summary>
internal sealed record TaskRunErrorResource(string Code, string Message, TaskRunErrorDetailsResource? Details)
{
    public static TaskRunErrorResource Of(Problem problem, Language language) => new(
        ErrorCatalogue.NameOf(problem.Code),
        ErrorWriter.In(ErrorCatalogue.MessageOf(problem.Code), language),
        problem.Field is null && problem.Reason is null
            ? null
            : new TaskRunErrorDetailsResource(problem.Field, problem.Reason is { } reason ? ErrorWriter.In(reason, language) : null));
}

internal sealed record TaskRunErrorDetailsResource(string? Field, string? Reason);

internal sealed record TaskRunListResource(
    IReadOnlyList<TaskRunResource> Runs, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);
