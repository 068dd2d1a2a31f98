using System.Text.Json;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Memory.Tools;

/// <summary><c>memory_delete</c>: forgets something. Made again after a crash, the change is made once.</summary>
internal sealed class MemoryDeleteTool(IGrainFactory grains) : ITool
{
    public const string ToolName = "memory_delete";

    private static readonly JsonElement Schema = JsonElement.Parse(
        $$"""
        {
          "type": "object",
          "properties": {
            "key": { "type": "string", "description": "The key of what is to be forgotten, as memory_search shows it.", "minLength": 1, "maxLength": {{MemoryEntry.MaxKeyLength}} },
            {{MemoryTools.NamespaceProperty}}
          },
          "required": ["key"],
          "additionalProperties": false
        }
        """);

    public string Name => ToolName;

    public string Description => "Forgets what was remembered under a key.";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.Write;

    public bool IsIdempotent => true;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var key = arguments.GetProperty("key").GetString()!;
        if (context.Memory(grains, arguments) is not { } memory) return MemoryTools.NoNamespace;
        var deleted = await memory.Delete(
            new ChangeMemory { Key = key, Source = context.MemorySource(), ChangeId = context.ChangeId() }, cancellationToken);
        return deleted.Problem is { } problem ? ToolResult.Refused(problem) : ToolResult.Success($"Forgot {key}.");
    }
}
