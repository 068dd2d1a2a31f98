using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Commands;
using OpenClaw.Grains.Abstractions.Skills;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Tasks.Tools;

/// <summary><c>tasks_create</c>: something to be done later, or again and again. Made again after a crash, the task is made once.</summary>
internal sealed class TasksCreateTool(IGrainFactory grains) : ITool
{
    public const string ToolName = "tasks_create";

    private static readonly JsonElement Schema = JsonElement.Parse(
        $$"""
        {
          "type": "object",
          "properties": {
            "name": { "type": "string", "description": "Short name, such as daily-report.", "minLength": 1, "maxLength": 200 },
            "cron": { "type": "string", "description": "When: a cron expression of 5 or 6 fields, such as 0 9 * * 1-5, or a name such as @daily. One of cron, at and everySeconds is to be given.", "minLength": 1, "maxLength": {{TaskSchedule.MaxCronLength}} },
            "at": { "type": "string", "description": "When: once, at this time, such as 2026-03-01T09:00:00+01:00.", "minLength": 1, "maxLength": 40 },
            "everySeconds": { "type": "integer", "description": "When: every so many seconds.", "minimum": 1, "maximum": {{TaskSchedule.MaxSeconds}} },
            "timezone": { "type": "string", "description": "IANA name of the zone in which cron is read, such as Europe/Berlin; UTC when left out.", "minLength": 1, "maxLength": 64 },
            "message": { "type": "string", "description": "What is to be done: said to the assistant at that time. One of message, command and skill is to be given.", "minLength": 1, "maxLength": 65536 },
            "here": { "type": "boolean", "description": "With message: in this conversation; in a new one each time when left out." },
            "command": { "type": "string", "description": "What is to be done: a shell command in the workspace.", "minLength": 1, "maxLength": 100000 },
            "skill": { "type": "string", "description": "What is to be done: the name of a skill.", "minLength": 1, "maxLength": 64 },
            "action": { "type": "string", "description": "With skill: its action, where it has several.", "minLength": 1, "maxLength": 128 },
            "params": { "type": "object", "description": "With skill: its parameters." }
          },
          "required": ["name"],
          "additionalProperties": false
        }
        """);

    public string Name => ToolName;

    public string Description => "Schedules something to be done later, once or again and again.";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.Write;

    public bool IsIdempotent => true;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        if (ReadAction(context, arguments) is not { } action)
            return ToolResult.Failure("One of message, command and skill must be given, and a skill's name is made of a-z, 0-9 and -.");
        DateTimeOffset? at = null;
        if (Text(arguments, "at") is { } text)
        {
            if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
                return ToolResult.Failure("at: must be an ISO 8601 time, such as 2026-03-01T09:00:00Z");
            at = time;
        }

        var key = TaskKey.Of(context.Session.Tenant, context.ChangeId());
        var created = await grains.GetScheduledTask(key).Create(
            new CreateTask
            {
                Name = arguments.GetProperty("name").GetString()!,
                Schedule = new TaskSchedule
                {
                    Cron = Text(arguments, "cron"),
                    At = at,
                    EverySeconds = arguments.TryGetProperty("everySeconds", out var seconds) ? (int)seconds.GetDouble() : null,
                },
                Zone = Text(arguments, "timezone") ?? CreateTask.DefaultZone,
                Action = action,
                Caller = new TaskCaller(context.KeyId, context.Scopes),
            },
            cancellationToken);
        if (created.Problem is { } problem) return ToolResult.Refused(problem);
        var task = created.Task!;
        return ToolResult.Success(
            $"Created the task {task.TaskId}; it runs {TaskTools.NextOf(task)}.",
            ToolActions.Of(ToolActions.TaskCreated, ("taskId", task.TaskId), ("name", task.Name)));
    }

    private static TaskAction? ReadAction(ToolCallContext context, JsonElement arguments) =>
        (Text(arguments, "message"), Text(arguments, "command"), Text(arguments, "skill")) switch
        {
            ({ } message, null, null) => new TaskAction
            {
                Type = TaskActionType.Message,
                Content = message,
                SessionId = arguments.TryGetProperty("here", out var here) && here.GetBoolean() ? context.Session.SessionId : null,
            },
            (null, { } command, null) when Encoding.UTF8.GetByteCount(command) <= StartCommand.MaxCommandBytes => new TaskAction
            {
                Type = TaskActionType.Command, Command = command, Directory = "/",
            },
            (null, null, { } skill) when SkillNames.IsSkillName(skill) => new TaskAction
            {
                Type = TaskActionType.Skill,
                Skill = skill,
                Action = Text(arguments, "action"),
                Parameters = arguments.TryGetProperty("params", out var parameters) ? JsonPayload.From(parameters.GetRawText()) : default,
            },
            _ => null,
        };

    private static string? Text(JsonElement arguments, string name) => arguments.TryGetProperty(name, out var value) ? value.GetString() : null;
}
