using System.Text.Json;
using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Egress;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Browser.Tools;

/// <summary><c>browser_open</c>: a page. Opened again after a crash, as a reload would.</summary>
internal sealed class BrowserOpenTool(IGrainFactory grains) : ITool
{
    public const string ToolName = "browser_open";

    private static readonly JsonElement Schema = JsonElement.Parse(
        $$"""
        {
          "type": "object",
          "properties": {
            "url": { "type": "string", "description": "http or https, on the public Internet.", "minLength": 1, "maxLength": {{EgressPolicy.MaxUrlLength}} }
          },
          "required": ["url"],
          "additionalProperties": false
        }
        """);

    public string Name => ToolName;

    public string Description => "Opens a web page in the conversation's browser. What is on it tells browser_snapshot.";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.Execute;

    public bool IsIdempotent => true;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var page = await context.Browser(grains).Open(new OpenPage { Url = arguments.GetProperty("url").GetString()! }, cancellationToken);
        if (page.Problem is { } problem) return ToolResult.Refused(problem);
        return ToolResult.Success(BrowserTools.Tell(page), [BrowserTools.Opened(page), .. BrowserTools.Kept(page.Downloads)]);
    }
}
