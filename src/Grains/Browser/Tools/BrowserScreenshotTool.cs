using System.Text.Json;
using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Tools;
using OpenClaw.Grains.Workspaces.Tools;

namespace OpenClaw.Grains.Browser.Tools;

/// <summary><c>browser_screenshot</c>: the page as a picture in the workspace. Taken again after a crash, it replaces the first.</summary>
internal sealed class BrowserScreenshotTool(IGrainFactory grains) : ITool
{
    public const string ToolName = "browser_screenshot";

    private static readonly JsonElement Schema = JsonElement.Parse(
        $$"""
        {
          "type": "object",
          "properties": {
            "path": { "type": "string", "description": "Where to put the PNG in the workspace, such as /Documents/page.png.", "maxLength": 4096 },
            "fullPage": { "type": "boolean", "description": "The whole page and not only what the window shows." },
            "selector": { "type": "string", "description": "CSS selector of the element to take.", "minLength": 1, "maxLength": {{TakeScreenshot.MaxSelectorLength}} }
          },
          "required": ["path"],
          "additionalProperties": false
        }
        """);

    public string Name => ToolName;

    public string Description => "Takes a picture of the open page and puts it into the workspace as a PNG file.";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.Execute | Scopes.Write;

    public bool IsIdempotent => true;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var image = await context.Browser(grains).Screenshot(
            new TakeScreenshot
            {
                FullPage = arguments.TryGetProperty("fullPage", out var full) && full.GetBoolean(),
                Selector = arguments.TryGetProperty("selector", out var selector) ? selector.GetString() : null,
            },
            cancellationToken);
        if (image.Problem is { } problem) return ToolResult.Refused(problem);
        var written = await context.Workspace(grains).Write(
            new WriteFile { Path = arguments.GetProperty("path").GetString()!, Content = image.Png }, cancellationToken);
        return written.Problem is { } unwritten
            ? ToolResult.Refused(unwritten)
            : ToolResult.Success($"A picture of the page is now {written.File!.Path} ({image.Png.Length} bytes).", FileTools.Wrote(written));
    }
}
