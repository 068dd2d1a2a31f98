using System.Globalization;
using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Workspaces.Tools;

/// <summary><c>files_search</c>: files by name and by what they hold.</summary>
internal sealed class FilesSearchTool(IGrainFactory grains) : ITool
{
    public const string ToolName = "files_search";

    private const int Limit = 50;
    private const int MaxMatches = 5;

    private static readonly JsonElement Schema = JsonElement.Parse(
        """
        {
          "type": "object",
          "properties": {
            "pattern": { "type": "string", "description": "Glob such as *.md or src/**/*.cs; a pattern without a slash matches names at any depth.", "minLength": 1, "maxLength": 1024 },
            "path": { "type": "string", "description": "Absolute path of the directory to search in; / when left out.", "maxLength": 4096 },
            "text": { "type": "string", "description": "Text that the files must hold, upper and lower case told apart.", "minLength": 1, "maxLength": 1024 },
            "cursor": { "type": "string", "description": "Cursor of the page before.", "maxLength": 1024 }
          },
          "required": ["pattern"],
          "additionalProperties": false
        }
        """);

    public string Name => ToolName;

    public string Description => "Finds files of the workspace by name and, when text is given, by what they hold.";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.Read;

    public bool IsIdempotent => true;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var pattern = arguments.GetProperty("pattern").GetString()!;
        var found = await context.Workspace(grains).Search(
            new SearchFiles
            {
                Path = arguments.TryGetProperty("path", out var path) ? path.GetString()! : "/",
                Pattern = pattern,
                Text = arguments.TryGetProperty("text", out var wanted) ? wanted.GetString() : null,
                Limit = Limit,
                Cursor = arguments.TryGetProperty("cursor", out var cursor) ? cursor.GetString() : null,
            },
            cancellationToken);
        if (found.Problem is { } problem) return ToolResult.Refused(problem);
        var text = new StringBuilder();
        foreach (var hit in found.Files)
        {
            text.Append(CultureInfo.InvariantCulture, $"{hit.File.Path} ({hit.File.Size} bytes)\n");
            foreach (var match in hit.Matches.Take(MaxMatches))
                text.Append(CultureInfo.InvariantCulture, $"  line {match.Line}: {match.Text}\n");
        }

        if (found.NextCursor is { } next) text.Append("The search is not at its end: go on with cursor ").Append(next).Append('\n');
        return ToolResult.Success(text.Length > 0
            ? UntrustedText.Fence($"Files that match {pattern}", text.ToString().TrimEnd())
            : $"No file matches {pattern}.");
    }
}
