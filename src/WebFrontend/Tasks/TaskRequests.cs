using OpenClaw.Grains.Abstractions.Commands;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Tasks;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Sessions;

namespace OpenClaw.WebFrontend.Tasks;

/// <summary>The bodies of task requests, with their limits.</summary>
internal static class TaskRequests
{
    private const int MaxNameChars = 200;
    private const int MaxSkillChars = 64;
    private const int MaxActionChars = 128;
    private const int MaxZoneChars = 64;
    private const int MaxModelChars = 200;
    private const int MaxParameterBytes = 64 * 1024;
    private const int MaxContentBytes = 64 * 1024;
    private const int MaxDirectoryChars = 4096;
    private const int MinTimeout = 1_000;
    private const int MaxTimeout = 1_800_000;
    private const int MaxRetries = 5;

    public static CreateTask ReadCreate(JsonFields fields, TaskCaller caller)
    {
        var name = fields.Text("name", maxChars: MaxNameChars, required: true) ?? "";
        var schedule = ReadSchedule(fields);
        if (schedule is null)
            fields.Refuse("schedule", RequestReasons.Missing);
        var zone = ReadZone(fields);
        var action = ReadAction(fields);
        if (action is null)
            fields.Refuse("action", RequestReasons.Missing);
        return new CreateTask
        {
            Name = name,
            Schedule = schedule ?? new TaskSchedule(),
            Zone = zone ?? CreateTask.DefaultZone,
            Action = action ?? new TaskAction { Type = TaskActionType.Message },
            Overlap = fields.Choice<TaskOverlap>("overlap") ?? TaskOverlap.Skip,
            Misfire = fields.Choice<TaskMisfire>("misfire") ?? TaskMisfire.Once,
            Timeout = ReadTimeout(fields) ?? CreateTask.DefaultTimeout,
            Retries = ReadRetries(fields) ?? CreateTask.DefaultRetries,
            Caller = caller,
        };
    }

    public static UpdateTask ReadUpdate(JsonFields fields, TaskCaller caller) => new()
    {
        Name = fields.IsAbsent("name") ? null : fields.Text("name", maxChars: MaxNameChars, required: true),
        Schedule = ReadSchedule(fields),
        Zone = ReadZone(fields),
        Action = ReadAction(fields),
        Overlap = fields.Choice<TaskOverlap>("overlap"),
        Misfire = fields.Choice<TaskMisfire>("misfire"),
        Timeout = ReadTimeout(fields),
        Retries = ReadRetries(fields),
        Paused = fields.Choice<WantedStatus>("status") is { } status ? status is WantedStatus.Paused : null,
        Caller = caller,
    };

    private static string? ReadZone(JsonFields fields) => fields.Text("timezone", maxChars: MaxZoneChars);

    private static int? ReadTimeout(JsonFields fields) => (int?)fields.Integer("timeout", MinTimeout, MaxTimeout);

    private static int? ReadRetries(JsonFields fields) => (int?)fields.Integer("retries", 0, MaxRetries);

    /// <summary>Whether the text is a cron expression, and the zone one, the grain tells.</summary>
    private static TaskSchedule? ReadSchedule(JsonFields fields)
    {
        if (fields.IsAbsent("schedule"))
            return null;
        if (fields.KindOf("schedule") is JsonKind.String)
            return new TaskSchedule { Cron = fields.Text("schedule", maxChars: TaskSchedule.MaxCronLength, required: true) };
        if (fields.KindOf("schedule") is not JsonKind.Object || fields.Inner("schedule") is not { } inner)
        {
            fields.Refuse("schedule", TaskReasons.ScheduleShape);
            return null;
        }

        var at = inner.Time("at");
        var seconds = inner.Integer("everySeconds", 1, TaskSchedule.MaxSeconds);
        fields.Adopt(inner);
        if (at is null == seconds is null)
            fields.Refuse("schedule", TaskReasons.ScheduleShape);
        return new TaskSchedule
        {
            At = at,
            EverySeconds = (int?)seconds,
        };
    }

    private static TaskAction? ReadAction(JsonFields fields)
    {
        if (fields.Inner("action") is not { } inner)
            return null;
        var action = inner.Choice<TaskActionType>("type", required: true) switch
        {
            TaskActionType.Skill => ReadSkill(inner),
            TaskActionType.Command => ReadCommand(inner),
            _ => ReadMessage(inner),
        };
        fields.Adopt(inner);
        return action;
    }

    private static TaskAction ReadSkill(JsonFields fields)
    {
        var name = fields.Text("name", maxChars: MaxSkillChars, required: true);
        if (name is not null && !SkillNames.IsSkillName(name))
            fields.Refuse("name", RequestReasons.SkillName);
        return new TaskAction
        {
            Type = TaskActionType.Skill,
            Skill = name,
            Action = fields.Text("action", maxChars: MaxActionChars),
            Parameters = fields.Object("params", MaxParameterBytes) ?? default,
        };
    }

    private static TaskAction ReadMessage(JsonFields fields)
    {
        var sessionId = fields.Text("sessionId");
        if (sessionId is not null && !SessionIds.IsPossible(sessionId))
            fields.Refuse("sessionId", Reasons.SessionNotFound);
        return new TaskAction
        {
            Type = TaskActionType.Message,
            SessionId = sessionId,
            Content = fields.Text("content", maxBytes: MaxContentBytes, required: true),
            Model = fields.Text("model", maxChars: MaxModelChars),
        };
    }

    private static TaskAction ReadCommand(JsonFields fields)
    {
        var directory = fields.Text("cwd", maxChars: MaxDirectoryChars) ?? "/";
        if (!directory.StartsWith('/'))
            fields.Refuse("cwd", Reasons.AbsolutePath);
        return new TaskAction
        {
            Type = TaskActionType.Command,
            Command = fields.Text("command", maxBytes: StartCommand.MaxCommandBytes, required: true),
            Directory = directory,
        };
    }

    /// <summary>What a caller may make of a task's status.</summary>
    private enum WantedStatus
    {
        Scheduled,
        Paused,
    }
}
