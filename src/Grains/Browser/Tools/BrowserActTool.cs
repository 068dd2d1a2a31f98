using System.Text.Json;
using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Browser.Tools;

/// <summary><c>browser_act</c>: something done to an element. Not done again after a crash: nobody knows what it did.</summary>
internal sealed class BrowserActTool(IGrainFactory grains) : ITool
{
    public const string ToolName = "browser_act";

    private static readonly JsonElement Schema = JsonElement.Parse(
        $$"""
        {
          "type": "object",
          "properties": {
            "action": { "type": "string", "enum": ["click", "type", "press", "select", "hover"] },
            "ref": { "type": "string", "description": "The element's reference in the last snapshot, such as e5. To press a key where the focus is, leave it out.", "maxLength": 16 },
            "text": { "type": "string", "description": "What to type; it replaces what the field holds.", "maxLength": {{ActOnPage.MaxTextLength}} },
            "key": { "type": "string", "description": "The key to press, such as Enter.", "maxLength": 64 },
            "value": { "type": "string", "description": "Value or label of the option to select.", "maxLength": 1024 }
          },
          "required": ["action"],
          "additionalProperties": false
        }
        """);

    public string Name => ToolName;

    public string Description => "Clicks, types, presses a key, selects an option or hovers on the open page.";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.Execute;

    public bool IsIdempotent => false;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var page = await context.Browser(grains).Act(
            new ActOnPage
            {
                Action = Enum.Parse<PageAction>(arguments.GetProperty("action").GetString()!, ignoreCase: true),
                Ref = Text("ref"),
                Text = Text("text"),
                Key = Text("key"),
                Value = Text("value"),
            },
            cancellationToken);
        return page.Problem is { } problem
            ? ToolResult.Refused(problem)
            : ToolResult.Success(BrowserTools.Tell(page), [.. BrowserTools.Kept(page.Downloads)]);

        string? Text(string name) => arguments.TryGetProperty(name, out var value) ? value.GetString() : null;
    }
}
