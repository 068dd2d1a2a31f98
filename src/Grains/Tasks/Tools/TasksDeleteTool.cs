using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Tasks.Tools;

/// <summary><c>tasks_delete</c>: a task is not wanted any more.</summary>
internal sealed class TasksDeleteTool(IGrainFactory grains) : ITool
{
    public const string ToolName = "tasks_delete";

    private static readonly JsonElement Schema = JsonElement.Parse(
        """
        {
          "type": "object",
          "properties": { "taskId": { "type": "string", "description": "The id, as tasks_list tells it.", "minLength": 1, "maxLength": 64 } },
          "required": ["taskId"],
          "additionalProperties": false
        }
        """);

    public string Name => ToolName;

    public string Description => "Deletes a scheduled task; a run of it that is under way is cancelled.";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.Write;

    public bool IsIdempotent => true;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var id = arguments.GetProperty("taskId").GetString()!;
        return KeyNames.IsName(id) && await grains.GetScheduledTask(new TaskKey(context.Session.Tenant, id)).Delete(cancellationToken)
            ? ToolResult.Success($"Deleted the task {id}.")
            : ToolResult.Failure("There is no such task; tasks_list tells those there are.");
    }
}
