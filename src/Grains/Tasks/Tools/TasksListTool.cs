using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Tasks.Tools;

/// <summary><c>tasks_list</c>: what is scheduled.</summary>
internal sealed class TasksListTool(IGrainFactory grains) : ITool
{
    public const string ToolName = "tasks_list";

    private const int MaxTasks = 50;

    private static readonly JsonElement Schema = JsonElement.Parse("""{ "type": "object", "properties": {}, "additionalProperties": false }""");

    public string Name => ToolName;

    public string Description => "Lists the scheduled tasks, the youngest first.";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.Read;

    public bool IsIdempotent => true;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var page = await grains.GetTaskCatalog(new TaskCatalogKey(context.Session.Tenant)).List(MaxTasks, null, cancellationToken);
        if (page.Problem is { } problem) return ToolResult.Refused(problem);
        if (page.Tasks.Count == 0) return ToolResult.Success("Nothing is scheduled.");
        var lines = string.Join('\n', page.Tasks.Select(LineOf));
        var told = UntrustedText.Fence("Tasks, each behind its id", lines);
        return ToolResult.Success(page.NextCursor is null ? told : $"{told}\nThere are older ones.");
    }

    private static string LineOf(TaskInfo task)
    {
        var last = task.LastRun is { } run ? $", last run {TaskRuns.NameOf(run.Status)}" : "";
        return $"[{task.TaskId}] {task.Name.ReplaceLineEndings(" ")}: {WhenOf(task)}, {TaskTools.NextOf(task)}{last}";
    }

    private static string WhenOf(TaskInfo task) => task.Schedule switch
    {
        { At: not null } => "once",
        { EverySeconds: { } seconds } => $"every {seconds} seconds",
        _ => $"{task.Schedule.Cron} ({task.Zone})",
    };
}
