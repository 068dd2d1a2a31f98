using System.Text.Json;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Browser.Tools;

/// <summary><c>browser_snapshot</c>: what is on the page, with references to act on.</summary>
internal sealed class BrowserSnapshotTool(IGrainFactory grains) : ITool
{
    public const string ToolName = "browser_snapshot";

    private static readonly JsonElement Schema = JsonElement.Parse("""{ "type": "object", "properties": {}, "additionalProperties": false }""");

    public string Name => ToolName;

    public string Description => "Tells what is on the open page, as its accessibility tree; elements to act on carry a reference such as [ref=e5].";

    public JsonElement Parameters => Schema;

    public Scopes RequiredScopes => Scopes.Execute;

    public bool IsIdempotent => true;

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        var snapshot = await context.Browser(grains).Snapshot(cancellationToken);
        if (snapshot.Problem is { } problem) return ToolResult.Refused(problem);
        var text = UntrustedText.Fence("What is on the page, its address and title first", $"{snapshot.Url}\n{snapshot.Title}\n{snapshot.Tree}");
        return ToolResult.Success(snapshot.Truncated ? text + "\nThe page goes on; its snapshot was cut." : text);
    }
}
