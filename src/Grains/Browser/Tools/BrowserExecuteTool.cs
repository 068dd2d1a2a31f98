using System.Text;
using System.Text.Json;
using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Browser.Tools;

/// <summary><c>browser_execute</c>: a script in the page. Not run again after a crash: nobody knows what it did.</summary>
internal sealed class BrowserExecuteTool(IGrainFactory grains) : ITool
{
    public const string ToolName = "browser_execute";

    private static readonly JsonElement Schema = JsonElement.Parse(
        """
        {
          "type": "object",
          "properties": {
            "script": { "type": "string", "description": "JavaScript; its value comes back as JSON. May await.", "minLength": 1, "maxLength": 65536 }
          },
          "required": ["script"],
          "additionalProperties": false
        }
        """);

    public string Name => ToolName;

    public string Description => "Runs JavaScript in the open page and tells its value.";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.Execute;

    public bool IsIdempotent => false;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var result = await context.Browser(grains).Execute(new RunScript { Script = arguments.GetProperty("script").GetString()! }, cancellationToken);
        // What a page throws is as much the page's as what it shows.
        if (result.Problem is { } problem) return ToolResult.Failure(UntrustedText.Fence("The script failed", problem.Reason?.English ?? ""));
        var told = new StringBuilder(UntrustedText.Fence("The script's value", result.Value.ToString())).Append('\n');
        BrowserTools.Tell(told, result.Downloads);
        return ToolResult.Success(told.ToString().TrimEnd(), [.. BrowserTools.Kept(result.Downloads)]);
    }
}
