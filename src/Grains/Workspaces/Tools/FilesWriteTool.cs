using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Workspaces.Tools;

/// <summary><c>files_write</c>: a text file, whole. Written again after a crash, it is the same file.</summary>
internal sealed class FilesWriteTool(IGrainFactory grains) : ITool
{
    public const string ToolName = "files_write";

    private static readonly JsonElement Schema = JsonElement.Parse(
        """
        {
          "type": "object",
          "properties": {
            "path": { "type": "string", "description": "Absolute path in the workspace, such as /Documents/notes.md. Parent directories appear.", "maxLength": 4096 },
            "content": { "type": "string", "description": "All that the file is to hold; what it held before is replaced.", "maxLength": 1048576 }
          },
          "required": ["path", "content"],
          "additionalProperties": false
        }
        """);

    public string Name => ToolName;

    public string Description => "Writes a text file in the workspace, replacing one that is there.";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.Write;

    public bool IsIdempotent => true;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var content = Encoding.UTF8.GetBytes(arguments.GetProperty("content").GetString()!);
        var written = await context.Workspace(grains).Write(
            new WriteFile { Path = arguments.GetProperty("path").GetString()!, Content = content }, cancellationToken);
        if (written.Problem is { } problem) return ToolResult.Refused(problem);
        var verb = written.Created ? "Created" : "Replaced";
        return ToolResult.Success($"{verb} {written.File!.Path} ({content.Length} bytes).", FileTools.Wrote(written));
    }
}
