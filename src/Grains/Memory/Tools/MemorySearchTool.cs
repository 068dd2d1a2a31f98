using System.Text.Json;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Memory.Tools;

/// <summary><c>memory_search</c>: what is remembered of something.</summary>
internal sealed class MemorySearchTool(IGrainFactory grains) : ITool
{
    public const string ToolName = "memory_search";

    private const int DefaultLimit = 5;
    private const int MaxLimit = 20;

    private static readonly JsonElement Schema = JsonElement.Parse(
        $$"""
        {
          "type": "object",
          "properties": {
            "query": { "type": "string", "description": "What to look for, in words.", "minLength": 1, "maxLength": {{SearchMemory.MaxQueryLength}} },
            "limit": { "type": "integer", "description": "How many at most; {{DefaultLimit}} when left out.", "minimum": 1, "maximum": {{MaxLimit}} },
            "category": { "type": "string", "description": "Only memories of this category.", "minLength": 1, "maxLength": 256 },
            {{MemoryTools.NamespaceProperty}}
          },
          "required": ["query"],
          "additionalProperties": false
        }
        """);

    public string Name => ToolName;

    public string Description => "Finds what was remembered in earlier conversations.";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.Read;

    public bool IsIdempotent => true;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var query = arguments.GetProperty("query").GetString()!;
        if (context.Memory(grains, arguments) is not { } memory) return MemoryTools.NoNamespace;
        var found = await memory.Search(
            new SearchMemory
            {
                Query = query,
                Limit = arguments.TryGetProperty("limit", out var limit) ? (int)limit.GetDouble() : DefaultLimit,
                Category = arguments.TryGetProperty("category", out var category) ? category.GetString() : null,
            },
            cancellationToken);
        if (found.Problem is { } problem) return ToolResult.Refused(problem);
        return ToolResult.Success(found.Hits.Count > 0
            ? UntrustedText.Fence(
                "Memories, best first, each behind its key", string.Join('\n', found.Hits.Select(hit => MemoryTools.LineOf(hit.Entry.Key, hit.Entry.Value.Utf8))))
            : "Nothing is remembered of that.");
    }
}
