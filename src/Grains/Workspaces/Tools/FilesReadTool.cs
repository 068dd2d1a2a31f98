using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Workspaces.Tools;

/// <summary><c>files_read</c>: a text file, or a piece of a long one.</summary>
internal sealed class FilesReadTool(IGrainFactory grains) : ITool
{
    public const string ToolName = "files_read";

    /// <summary>Fits, marks included, into what a tool may answer.</summary>
    private const int MaxLength = 12 * 1024;

    private static readonly JsonElement Schema = JsonElement.Parse(
        $$"""
        {
          "type": "object",
          "properties": {
            "path": { "type": "string", "description": "Absolute path in the workspace, such as /Documents/notes.md.", "maxLength": 4096 },
            "offset": { "type": "integer", "description": "Bytes to leave out at the beginning; 0 when left out.", "minimum": 0 },
            "length": { "type": "integer", "description": "Bytes to read; {{MaxLength}} when left out.", "minimum": 1, "maximum": {{MaxLength}} }
          },
          "required": ["path"],
          "additionalProperties": false
        }
        """);

    public string Name => ToolName;

    public string Description => "Reads a text file of the workspace. A long file is read in pieces, with offset.";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.Read;

    public bool IsIdempotent => true;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var from = arguments.TryGetProperty("offset", out var offset) ? (long)offset.GetDouble() : 0;
        var read = await context.Workspace(grains).Read(
            new ReadFile
            {
                Path = arguments.GetProperty("path").GetString()!,
                Offset = from,
                Length = arguments.TryGetProperty("length", out var length) ? (int)length.GetDouble() : MaxLength,
            },
            cancellationToken);
        if (read.Problem is { } problem) return ToolResult.Refused(problem);
        var file = read.File!;
        var content = WholeCharacters.Of(read.Content);
        if (!Utf8.IsValid(content) || content.Contains((byte)0))
            return ToolResult.Success($"{file.Path} is a binary file of {file.Size} bytes.");
        var end = from + content.Length;
        var what = string.Create(CultureInfo.InvariantCulture, $"Content of {file.Path}, bytes {from} to {end} of {file.Size}");
        var text = UntrustedText.Fence(what, Encoding.UTF8.GetString(content));
        return ToolResult.Success(end < file.Size && content.Length > 0
            ? string.Create(CultureInfo.InvariantCulture, $"{text}\nThere is more: go on with offset {end}.")
            : text);
    }
}
