using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Skills;

namespace OpenClaw.Contract.Tests.SkillTurns;

/// <summary>Skills whose actions are the tools of Model Context Protocol servers. The database has no part in it.</summary>
public sealed class McpTests(Servers servers) : ContractTest(servers.OnSqlite)
{
    private static readonly string[] Summands = ["a", "b"];

    private const string Key = "mcp-key-0123456789";

    [Fact]
    public async Task A_published_server_is_a_skill_with_its_tools_as_actions()
    {
        using var tenant = await NewTenantAsync();
        var zip = McpServers.PackEverything(
            ("SKILL.md", SkillFolders.Manifest("everything", "Exercises the protocol.", "Call echo.")), ("actions.json", McpServers.EverythingActions));
        SessionCalls.Require(
            await tenant.Client.PostAsync(
                "/api/files/write", new { path = "/everything.zip", content = Convert.ToBase64String(zip), encoding = "base64" }, Cancellation),
            200);

        var installed = SessionCalls.Require(
            await tenant.Client.PostAsync("/api/skills/install", new { source = "file", path = "/everything.zip" }, Cancellation), 200);

        Assert.Equal(("everything", "installed"), (installed.Text("name"), installed.Text("status")));
        var actions = await ActionsAsync(tenant.Client, "everything");
        Assert.True(actions.Count > 5, string.Join(", ", actions.Select(NameOf)));
        var echo = Assert.Single(actions, action => NameOf(action) == "echo");
        Assert.False(string.IsNullOrEmpty(echo.GetProperty("description").GetString()));
        Assert.Equal("string", echo.GetProperty("parameters").GetProperty("properties").GetProperty("message").GetProperty("type").GetString());

        var executed = await ExecuteAsync(tenant.Client, "everything", "echo", new { message = "hello" });
        Assert.Equal(("everything", "echo", "succeeded"), (executed.Text("skill"), executed.Text("action"), executed.Text("status")));
        Assert.Contains("hello", executed.Json.GetProperty("result").GetRawText(), StringComparison.Ordinal);
        Assert.False(executed.Json.TryGetProperty("error", out _), executed.ToString());

        ErrorAssert.IsInvalid(await TryExecuteAsync(tenant.Client, "everything", "echo", new { message = 7 }), "params.message");
        ErrorAssert.IsInvalid(await TryExecuteAsync(tenant.Client, "everything", "echo", new { }));
        ErrorAssert.IsInvalid(await TryExecuteAsync(tenant.Client, "everything", "no-such-tool", new { }), "action");
        var runs = SessionCalls.Require(await tenant.Client.GetAsync("/api/skills/everything/runs", Cancellation), 200).Json.GetProperty("runs");
        Assert.Equal("succeeded", Assert.Single(runs.EnumerateArray()).GetProperty("status").GetString());
    }

    [Fact]
    public async Task A_server_that_dies_in_the_middle_of_a_call_fails_with_what_it_said()
    {
        using var tenant = await NewTenantAsync();
        await InstallFickleAsync(tenant.Client);

        var executed = await ExecuteAsync(tenant.Client, "fickle", "die", new { });

        Assert.Equal("failed", executed.Text("status"));
        Assert.Contains("the tool has run out of paper", executed.Text("error"), StringComparison.Ordinal);
        // Each call has a server of its own: the next one is well.
        var next = await ExecuteAsync(tenant.Client, "fickle", "say", new { });
        Assert.Equal("succeeded", next.Text("status"));
        Assert.Contains("said", next.Json.GetProperty("result").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_never_answers_ends_at_its_timeout()
    {
        using var tenant = await NewTenantAsync();
        await InstallFickleAsync(tenant.Client);

        var executed = await ExecuteAsync(tenant.Client, "fickle", "hang", new { });

        Assert.Equal("timeout", executed.Text("status"));
        Assert.Equal(JsonValueKind.Null, executed.Json.GetProperty("result").ValueKind);
        Assert.False(string.IsNullOrEmpty(executed.Text("error")));
        Assert.InRange(executed.Json.GetProperty("durationMs").GetInt64(), 2_500, 20_000);
    }

    [Fact]
    public async Task A_server_that_floods_a_line_without_end_fails()
    {
        using var tenant = await NewTenantAsync();
        await InstallFickleAsync(tenant.Client);

        var executed = await ExecuteAsync(tenant.Client, "fickle", "flood", new { });

        Assert.Equal("failed", executed.Text("status"));
        Assert.False(string.IsNullOrEmpty(executed.Text("error")));
        Assert.True(executed.Body.Length < 100_000, $"{executed.Body.Length}");
        Assert.Equal("succeeded", (await ExecuteAsync(tenant.Client, "fickle", "say", new { })).Text("status"));
    }

    [Fact]
    public async Task A_server_at_an_address_has_its_tools_known_once_its_secret_is_set()
    {
        await using var service = await ServiceDouble.StartAsync(AnswerAsServer, Cancellation);
        using var tenant = await NewTenantAsync();
        await SkillFolders.InstallAsync(
            tenant.Client, "remote", Cancellation,
            ("SKILL.md", SkillFolders.Manifest("remote", "Is elsewhere.", "Call add.", more: "metadata:\n  openclaw:\n    requires:\n      env: [REMOTE_KEY]\n")),
            ("actions.json",
                $$$"""{"actions":[{"runner":{"type":"mcp","url":"{{{service.Address}}}/mcp","headers":{"Authorization":"Bearer {{secrets.REMOTE_KEY}}"} } }]}"""));
        var before = SessionCalls.Require(await tenant.Client.GetAsync("/api/skills/remote", Cancellation), 200);
        Assert.Empty(before.Json.GetProperty("actions").EnumerateArray());
        Assert.False(string.IsNullOrEmpty(before.Text("warning")));

        // To ask for them is to run it, with its secrets: a key that may not leaves it at that, and takes nothing away later.
        using var writer = tenant.ClientWith((await tenant.CreateKeyAsync(["read", "write"], Cancellation)).Key);
        var unasked = SessionCalls.Require(await writer.PutAsync("/api/skills/remote/secrets", new { secrets = new { REMOTE_KEY = Key } }, Cancellation), 200);
        Assert.Empty(unasked.Json.GetProperty("actions").EnumerateArray());
        Assert.Empty(service.Requests);
        SessionCalls.Require(await tenant.Client.PutAsync("/api/skills/remote/secrets", new { secrets = new { REMOTE_KEY = Key } }, Cancellation), 200);
        var set = await writer.PutAsync("/api/skills/remote/secrets", new { secrets = new { OTHER = "x" } }, Cancellation);

        Assert.Equal("add", NameOf(Assert.Single(SessionCalls.Require(set, 200).Json.GetProperty("actions").EnumerateArray())));
        var executed = await ExecuteAsync(tenant.Client, "remote", "add", new { a = 2, b = 40 });
        Assert.True(executed.Text("status") == "succeeded", executed.ToString());
        Assert.Contains("the sum is 42", executed.Json.GetProperty("result").GetRawText(), StringComparison.Ordinal);
        ErrorAssert.IsInvalid(await TryExecuteAsync(tenant.Client, "remote", "add", new { a = "two", b = 40 }), "params.a");
        Assert.All(service.Requests, request => Assert.True(request.HasBearer(Key), request.ToString()));
    }

    /// <summary>Streamable HTTP without a stream: each answer is JSON.</summary>
    private static ServiceDouble.Answer? AnswerAsServer(ServiceDouble.Request request)
    {
        if ((request.Method, request.Path) is not ("POST", "/mcp") || request.Json is not { } call) return null;
        if (!request.HasBearer(Key)) return ServiceDouble.Answer.Of(401, new { });
        if (!call.TryGetProperty("id", out var id)) return new ServiceDouble.Answer(202, "");
        return call.GetProperty("method").GetString() switch
        {
            "initialize" => Result(new
            {
                protocolVersion = call.GetProperty("params").GetProperty("protocolVersion").GetString(),
                capabilities = new { tools = new { } },
                serverInfo = new { name = "remote", version = "1" },
            }),
            "tools/list" => Result(new
            {
                tools = new[]
                {
                    new
                    {
                        name = "add",
                        description = "Adds.",
                        inputSchema = new { type = "object", properties = new { a = new { type = "integer" }, b = new { type = "integer" } }, required = Summands },
                    },
                },
            }),
            "tools/call" => Result(new { content = new[] { new { type = "text", text = $"the sum is {Number("a") + Number("b")}" } } }),
            _ => ServiceDouble.Answer.Of(200, new { jsonrpc = "2.0", id, error = new { code = -32601, message = "Method not found" } }),
        };

        ServiceDouble.Answer Result(object result) => ServiceDouble.Answer.Of(200, new { jsonrpc = "2.0", id, result });

        int Number(string name) => call.GetProperty("params").GetProperty("arguments").GetProperty(name).GetInt32();
    }

    private static Task<ApiResponse> InstallFickleAsync(ApiClient client) => SkillFolders.InstallAsync(
        client, "fickle", Cancellation,
        ("SKILL.md", SkillFolders.Manifest("fickle", "Fails in many ways.", "Do not call it.")),
        ("actions.json", McpServers.FickleActions),
        ("server.js", McpServers.FickleScript));

    private static string NameOf(JsonElement action) => action.GetProperty("name").GetString()!;

    private static async Task<List<JsonElement>> ActionsAsync(ApiClient client, string skill) =>
        [.. SessionCalls.Require(await client.GetAsync($"/api/skills/{skill}", Cancellation), 200).Json.GetProperty("actions").EnumerateArray()];

    private static Task<ApiResponse> TryExecuteAsync(ApiClient client, string skill, string action, object parameters) =>
        client.PostAsync($"/api/skills/{skill}/execute", new { action, @params = parameters }, Cancellation);

    private static async Task<ApiResponse> ExecuteAsync(ApiClient client, string skill, string action, object parameters) =>
        SessionCalls.Require(await TryExecuteAsync(client, skill, action, parameters), 200);
}
