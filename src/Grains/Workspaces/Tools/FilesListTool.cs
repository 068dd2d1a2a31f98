using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Workspaces.Tools;

/// <summary><c>files_list</c>: what a directory holds.</summary>
internal sealed class FilesListTool(IGrainFactory grains) : ITool
{
    public const string ToolName = "files_list";

    private const int Limit = 200;

    private static readonly JsonElement Schema = JsonElement.Parse(
        """
        {
          "type": "object",
          "properties": {
            "path": { "type": "string", "description": "Absolute path of a directory in the workspace; / when left out.", "maxLength": 4096 },
            "cursor": { "type": "string", "description": "Cursor of the page before.", "maxLength": 1024 }
          },
          "additionalProperties": false
        }
        """);

    public string Name => ToolName;

    public string Description => "Lists the files and directories in a directory of the workspace.";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.Read;

    public bool IsIdempotent => true;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var list = await context.Workspace(grains).List(
            new ListFiles
            {
                Path = arguments.TryGetProperty("path", out var path) ? path.GetString()! : "/",
                Limit = Limit,
                Cursor = arguments.TryGetProperty("cursor", out var cursor) ? cursor.GetString() : null,
            },
            cancellationToken);
        if (list.Problem is { } problem) return ToolResult.Refused(problem);
        var text = new StringBuilder();
        foreach (var entry in list.Entries)
        {
            text.Append(entry.Path);
            if (entry.IsDirectory) text.Append("/\n");
            else text.Append(CultureInfo.InvariantCulture, $" ({entry.Size} bytes)\n");
        }

        if (list.NextCursor is { } next) text.Append("There are more: go on with cursor ").Append(next).Append('\n');
        return ToolResult.Success(text.Length > 0
            ? UntrustedText.Fence($"Entries of {list.Path}", text.ToString().TrimEnd())
            : $"{list.Path} is empty.");
    }
}
