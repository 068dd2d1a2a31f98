using System.Text.Json;
using System.Threading.Channels;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Tests.Hosting;

/// <summary>A tool with a side effect: it must not be run twice. The test answers each call.</summary>
internal sealed class RecorderTool(string name, bool idempotent) : ITool
{
    private readonly Channel<(ToolCallContext Context, TaskCompletionSource<ToolResult> Answer)> _calls =
        Channel.CreateUnbounded<(ToolCallContext, TaskCompletionSource<ToolResult>)>();

    public string Name => name;

    public string Description => "Records a word.";

    public JsonElement Parameters { get; } = JsonElement.Parse(
        """{"type":"object","properties":{"word":{"type":"string"}},"required":["word"]}"""u8);

    public Scopes RequiredScopes => Scopes.Execute;

    public bool IsIdempotent => idempotent;

    public int Calls { get; private set; }

    public async Task<(ToolCallContext Context, TaskCompletionSource<ToolResult> Answer)> NextAsync() =>
        await _calls.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public static ToolResult Recorded(string word) => ToolResult.Success(
        "recorded", new TurnAction("word_recorded", JsonPayload.From($$"""{"word":"{{word}}"}""")));

    public async Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken)
    {
        Calls++;
        var answer = new TaskCompletionSource<ToolResult>();
        await _calls.Writer.WriteAsync((context, answer), cancellationToken);
        return await answer.Task.WaitAsync(cancellationToken);
    }
}
