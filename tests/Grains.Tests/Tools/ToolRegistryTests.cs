using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Tests.Tools;

public sealed class ToolRegistryTests
{
    private const string Schema =
        """
        {
          "type": "object",
          "properties": {
            "name": { "type": "string", "minLength": 1, "maxLength": 3 },
            "mode": { "enum": ["fast", "slow"] },
            "count": { "type": "integer", "minimum": 1, "maximum": 10 },
            "tags": { "type": "array", "items": { "type": "string" }, "maxItems": 2 },
            "note": { "type": ["string", "null"] }
          },
          "required": ["name"],
          "additionalProperties": false
        }
        """;

    [Theory]
    [InlineData("""{"name":"abc"}""")]
    [InlineData("""{"name":"日本語","mode":"fast","count":10,"tags":["a","b"],"note":null}""")]
    [InlineData("""{"name":"a","count":3.0}""")]
    public void Arguments_that_fit_are_taken(string arguments) => Assert.Null(Check(arguments));

    [Theory]
    [InlineData("[]", "arguments must be an object, not an array")]
    [InlineData("{}", "arguments.name is missing")]
    [InlineData("""{"name":1}""", "arguments.name must be a string, not a number")]
    [InlineData("""{"name":""}""", "arguments.name must have at least 1 characters")]
    [InlineData("""{"name":"abcd"}""", "arguments.name must have at most 3 characters")]
    [InlineData("""{"name":"a","mode":"medium"}""", "arguments.mode must be one of \"fast\", \"slow\"")]
    [InlineData("""{"name":"a","count":1.5}""", "arguments.count must be an integer, not a number")]
    [InlineData("""{"name":"a","count":11}""", "arguments.count must be at most 10")]
    [InlineData("""{"name":"a","tags":["x",2]}""", "arguments.tags[1] must be a string, not a number")]
    [InlineData("""{"name":"a","tags":["x","y","z"]}""", "arguments.tags must have at most 2 items")]
    [InlineData("""{"name":"a","note":5}""", "arguments.note must be a string or null, not a number")]
    [InlineData("""{"name":"a","other":1}""", "arguments.other is not allowed")]
    public void Arguments_that_do_not_fit_are_refused_with_what_to_change(string arguments, string expected) =>
        Assert.Equal(expected, Check(arguments));

    [Fact]
    public void A_sender_has_the_tools_that_his_scopes_allow()
    {
        var registry = new ToolRegistry([new StubTool("reads", Scopes.Read), new StubTool("runs", Scopes.Read | Scopes.Execute), new StubTool("open", Scopes.None)]);

        Assert.Equal(["open"], registry.For(Scopes.None).Select(tool => tool.Name));
        Assert.Equal(["open", "reads"], registry.For(Scopes.Read | Scopes.Write).Select(tool => tool.Name));
        Assert.Equal(["open", "reads", "runs"], registry.For(Scopes.All).Select(tool => tool.Name));
        Assert.NotNull(registry.Find("runs"));
        Assert.Null(registry.Find("Runs"));
    }

    [Fact]
    public void A_tool_that_cannot_be_offered_is_refused_at_once()
    {
        Assert.Throws<InvalidOperationException>(() => new ToolRegistry([new StubTool("two words", Scopes.None)]));
        Assert.Throws<InvalidOperationException>(() => new ToolRegistry([new StubTool("a", Scopes.None), new StubTool("a", Scopes.None)]));
        Assert.Throws<InvalidOperationException>(() => new ToolRegistry(
            [new StubTool("a", Scopes.None, """{"type":"object","properties":{"x":{"type":"string","pattern":"(a)\\1"}}}""")]));
    }

    [Theory]
    [InlineData("{}", "2026-01-31T12:00:00+00:00 (Saturday, UTC)")]
    [InlineData("""{"timezone":"Asia/Shanghai"}""", "2026-01-31T20:00:00+08:00 (Saturday, Asia/Shanghai)")]
    [InlineData("""{"timezone":"Pacific/Auckland"}""", "2026-02-01T01:00:00+13:00 (Sunday, Pacific/Auckland)")]
    public async Task The_time_is_told_in_the_zone_asked_for(string arguments, string expected)
    {
        var result = await AskTheTimeAsync(arguments);

        Assert.True(result.Succeeded);
        Assert.Equal(expected, result.Content);
    }

    [Theory]
    [InlineData("Mars/Olympus")]
    [InlineData("../../etc/passwd")]
    [InlineData("/etc/localtime")]
    public async Task A_zone_that_does_not_exist_is_told_to_the_model(string zone)
    {
        var result = await AskTheTimeAsync(JsonSerializer.Serialize(new Dictionary<string, string> { ["timezone"] = zone }));

        Assert.False(result.Succeeded);
        Assert.Contains("IANA", result.Content, StringComparison.Ordinal);
    }

    private static string? Check(string arguments)
    {
        var tool = new ToolRegistry([new StubTool("stub", Scopes.None, Schema)]).Find("stub")!;
        return tool.FindObjection(JsonElement.Parse(arguments));
    }

    private static Task<ToolResult> AskTheTimeAsync(string arguments)
    {
        var tool = new ToolRegistry([new TimeNowTool(new FakeTimeProvider(new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.Zero)))]).Find(TimeNowTool.ToolName)!;
        var value = JsonElement.Parse(arguments);
        Assert.Null(tool.FindObjection(value));
        return tool.InvokeAsync(new ToolCallContext(new SessionKey(TenantId.Default, "sess-1"), "turn-1", "key"), value, TestContext.Current.CancellationToken);
    }

    private sealed class StubTool(string name, Scopes scopes, string schema = """{"type":"object"}""") : ITool
    {
        public string Name => name;

        public string Description => "A tool of a test.";

        public JsonElement Parameters { get; } = JsonElement.Parse(schema);

        public Scopes RequiredScopes => scopes;

        public bool IsIdempotent => true;

        public Task<ToolResult> InvokeAsync(ToolCallContext context, JsonElement arguments, CancellationToken cancellationToken) =>
            Task.FromResult(ToolResult.Success("done"));
    }
}
