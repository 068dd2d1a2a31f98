using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Approvals;

/// <summary>Tool calls that wait until somebody allows them, over HTTP.</summary>
public abstract class ApprovalTests(DatabaseServers servers) : ContractTest(servers)
{
    private static readonly object[] AskForCommands = [new { tool = "commands_*", decision = "ask" }];

    public sealed class OnSqlite(Servers servers) : ApprovalTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : ApprovalTests(servers.OnPostgres);

    [Fact]
    public async Task A_message_whose_turn_has_to_wait_is_answered_with_what_it_waits_for()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation, new { toolPolicy = AskForCommands });

        var waiting = SessionCalls.Require(await tenant.Client.SendMessageAsync(id, "run `echo one`", Cancellation), 200).Json;

        Assert.Equal(["messageId", "response", "usage", "finishReason", "approvals"], waiting.EnumerateObject().Select(member => member.Name));
        Assert.Equal("approval", waiting.GetProperty("finishReason").GetString());
        var request = Assert.Single(waiting.GetProperty("approvals").EnumerateArray());
        Assert.Equal(["approvalId", "turnId", "tool", "arguments", "createdAt", "expiresAt"], request.EnumerateObject().Select(member => member.Name));
        Assert.Equal(("commands_run", """{"command":"echo one"}"""), (request.GetProperty("tool").GetString(), request.GetProperty("arguments").GetRawText()));
        Assert.Equal(TimeSpan.FromMinutes(30), request.GetProperty("expiresAt").GetDateTimeOffset() - request.GetProperty("createdAt").GetDateTimeOffset());
        Assert.Equal(request.GetRawText(), Assert.Single(await ListAsync(tenant.Client, id)).GetRawText());
        var session = (await tenant.Client.GetSessionAsync(id, Cancellation)).Json;
        Assert.Equal("active", session.GetProperty("status").GetString());
        Assert.Equal("""[{"tool":"commands_*","decision":"ask"}]""", session.GetProperty("toolPolicy").GetRawText());

        var decided = SessionCalls.Require(await DecideAsync(tenant.Client, id, IdOf(request), "allow-once"), 200);
        Assert.Equal($$"""{"approvalId":"{{IdOf(request)}}","tool":"commands_run","decision":"allow-once"}""", decided.Body);
        var frames = await tenant.Client.ReplayAsync(id, 1, Cancellation);
        var answer = (await tenant.Client.HistoryAsync(id, Cancellation))[^1];
        Assert.Equal("done", frames[^1].Type);
        Assert.Equal(waiting.GetProperty("messageId").GetString(), answer.GetProperty("messageId").GetString());
        Assert.Equal("""[{"type":"command_executed","command":"echo one"}]""", answer.GetProperty("actions").GetRawText());
        Assert.Empty(await ListAsync(tenant.Client, id));
    }

    [Fact]
    public async Task A_stream_shows_the_request_and_goes_on_when_it_is_answered()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation, new { toolPolicy = AskForCommands });
        await using var stream = await tenant.Client.StreamMessageAsync(id, "run `echo two`", Cancellation);

        var asked = (await stream.ReadUntilAsync(frame => frame.Type == "approval", Cancellation))[^1].Json;
        Assert.Equal(["type", "approvalId", "tool", "arguments", "expiresAt", "turnId"], asked.EnumerateObject().Select(member => member.Name));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", asked.GetProperty("expiresAt").GetString());
        SessionCalls.Require(await DecideAsync(tenant.Client, id, IdOf(asked), "deny"), 200);
        var rest = await stream.ReadToEndAsync(Cancellation);

        Assert.Equal(["started", "failed"], rest.Where(frame => frame.Type == "tool").Select(frame => frame.Text("status")));
        Assert.Equal("done", rest[^1].Type);
    }

    [Fact]
    public async Task The_first_answer_counts()
    {
        using var tenant = await NewTenantAsync();
        var (id, approval) = await AskAsync(tenant.Client);

        var answers = await Task.WhenAll(
            DecideAsync(tenant.Client, id, approval, "deny"), DecideAsync(tenant.Client, id, approval, "allow-once"), DecideAsync(tenant.Client, id, approval, "allow-always"));

        Assert.Equal([200, 409, 409], answers.Select(answer => answer.Status).Order());
        var first = answers.Single(answer => answer.Status == 200).Text("decision")!;
        Assert.All(answers.Where(answer => answer.Status == 409), ErrorAssert.IsConflict);
        Assert.Equal(200, (await DecideAsync(tenant.Client, id, approval, first)).Status);
        ErrorAssert.IsNotFound(await DecideAsync(tenant.Client, id, "apr-none", "deny"));
        ErrorAssert.IsNotFound(await DecideAsync(tenant.Client, "sess-none", approval, "deny"));
    }

    [Theory]
    [InlineData("{}", "decision")]
    [InlineData("""{"decision":"allow"}""", "decision")]
    [InlineData("""{"decision":"expired"}""", "decision")]
    [InlineData("""{"decision":true}""", "decision")]
    public async Task An_answer_that_is_none_is_refused(string body, string field)
    {
        using var tenant = await NewTenantAsync();
        var (id, approval) = await AskAsync(tenant.Client);

        ErrorAssert.IsInvalid(await tenant.Client.PostAsync($"/api/sessions/{id}/approvals/{approval}", body, Cancellation), field);

        Assert.Single(await ListAsync(tenant.Client, id));
    }

    [Fact]
    public async Task Whoever_answers_needs_the_scopes_of_the_tool()
    {
        using var tenant = await NewTenantAsync();
        var (id, approval) = await AskAsync(tenant.Client);
        using var reader = tenant.ClientWith((await tenant.CreateKeyAsync(["read"], Cancellation)).Key);
        using var writer = tenant.ClientWith((await tenant.CreateKeyAsync(["read", "write"], Cancellation)).Key);

        ErrorAssert.IsError(await DecideAsync(reader, id, approval, "deny"), 403, "FORBIDDEN");
        ErrorAssert.IsError(await DecideAsync(writer, id, approval, "allow-once"), 403, "FORBIDDEN");
        Assert.Single(await ListAsync(reader, id));
        SessionCalls.Require(await DecideAsync(writer, id, approval, "deny"), 200);
    }

    [Fact]
    public async Task A_repeated_message_is_answered_as_far_as_its_turn_is()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation, new { toolPolicy = AskForCommands });
        var first = SessionCalls.Require(await tenant.Client.SendMessageAsync(id, "run `echo three`", Cancellation, headers: ("Idempotency-Key", "k-1")), 200);
        var again = SessionCalls.Require(await tenant.Client.SendMessageAsync(id, "run `echo three`", Cancellation, headers: ("Idempotency-Key", "k-1")), 200);
        Assert.Equal(first.Body, again.Body);

        SessionCalls.Require(await DecideAsync(tenant.Client, id, IdOf(first.Json.GetProperty("approvals")[0]), "allow-once"), 200);
        var ended = SessionCalls.Require(await tenant.Client.SendMessageAsync(id, "run `echo three`", Cancellation, headers: ("Idempotency-Key", "k-1")), 200);

        Assert.Equal("stop", ended.Text("finishReason"));
        Assert.Contains("three", ended.Text("response", "content"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_steered_to_a_turn_that_waits_is_answered_at_once()
    {
        using var tenant = await NewTenantAsync();
        var (id, approval) = await AskAsync(tenant.Client);

        var steered = SessionCalls.Require(await tenant.Client.SendMessageAsync(id, "and tell me", Cancellation, overlap: "steer"), 200);

        Assert.Equal("approval", steered.Text("finishReason"));
        Assert.Equal(approval, IdOf(steered.Json.GetProperty("approvals")[0]));
    }

    [Fact]
    public async Task A_turn_that_waits_can_be_cancelled()
    {
        using var tenant = await NewTenantAsync();
        var (id, approval) = await AskAsync(tenant.Client);

        Assert.Equal("cancelled", SessionCalls.Require(await tenant.Client.PostAsync($"/api/sessions/{id}/cancel", null, Cancellation), 200).Text("status"));

        ErrorAssert.IsNotFound(await DecideAsync(tenant.Client, id, approval, "allow-once"));
        Assert.Equal("idle", (await tenant.Client.GetSessionAsync(id, Cancellation)).Text("status"));
    }

    [Fact]
    public async Task A_session_that_waits_can_be_deleted()
    {
        using var tenant = await NewTenantAsync();
        var (id, approval) = await AskAsync(tenant.Client);

        SessionCalls.Require(await tenant.Client.DeleteAsync($"/api/sessions/{id}", Cancellation), 200);

        ErrorAssert.IsNotFound(await DecideAsync(tenant.Client, id, approval, "allow-once"));
    }

    [Fact]
    public async Task A_policy_of_the_tenant_holds_for_its_sessions()
    {
        using var tenant = await NewTenantAsync();
        var policy = $"/api/admin/tenants/{tenant.TenantId}/tool-policy";
        Assert.Equal("""{"toolPolicy":[]}""", SessionCalls.Require(await tenant.Admin.GetAsync(policy, Cancellation), 200).Body);
        var set = SessionCalls.Require(
            await tenant.Admin.PutAsync(policy, """{"toolPolicy":[{"tool":"commands_run","arguments":{"command":"echo no*"},"decision":"deny"},{"tool":"files_*","decision":"allow"}]}""", Cancellation), 200);
        Assert.Equal(set.Body, (await tenant.Admin.GetAsync(policy, Cancellation)).Body);
        ErrorAssert.IsError(await tenant.Client.GetAsync(policy, Cancellation), 403, "FORBIDDEN");

        var id = await tenant.Client.CreateSessionAsync(Cancellation, new { toolPolicy = new[] { new { tool = "*", decision = "allow" } } });
        var denied = SessionCalls.Require(await tenant.Client.SendMessageAsync(id, "run `echo no more`", Cancellation), 200);
        var allowed = SessionCalls.Require(await tenant.Client.SendMessageAsync(id, "run `echo yes`", Cancellation), 200);

        Assert.Empty(denied.Json.GetProperty("response").GetProperty("actions").EnumerateArray());
        Assert.Single(allowed.Json.GetProperty("response").GetProperty("actions").EnumerateArray());
    }

    [Fact]
    public async Task A_policy_of_a_session_is_changed_and_taken_away()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        Assert.False((await tenant.Client.GetSessionAsync(id, Cancellation)).Json.TryGetProperty("toolPolicy", out _));

        SessionCalls.Require(await tenant.Client.PatchAsync($"/api/sessions/{id}", new { toolPolicy = AskForCommands }, Cancellation), 200);
        Assert.Equal("approval", (await tenant.Client.SendMessageAsync(id, "run `echo four`", Cancellation)).Text("finishReason"));
        SessionCalls.Require(await tenant.Client.PostAsync($"/api/sessions/{id}/cancel", null, Cancellation), 200);
        SessionCalls.Require(await tenant.Client.PatchAsync($"/api/sessions/{id}", new { title = "as before" }, Cancellation), 200);
        Assert.True((await tenant.Client.GetSessionAsync(id, Cancellation)).Json.TryGetProperty("toolPolicy", out _));
        var changed = SessionCalls.Require(await tenant.Client.PatchAsync($"/api/sessions/{id}", new { toolPolicy = Array.Empty<object>() }, Cancellation), 200);
        Assert.False(changed.Json.TryGetProperty("toolPolicy", out _));

        Assert.Equal("stop", (await tenant.Client.SendMessageAsync(id, "run `echo four`", Cancellation)).Text("finishReason"));
    }

    [Theory]
    [InlineData("""{"toolPolicy":{}}""", "toolPolicy")]
    [InlineData("""{"toolPolicy":["commands_run"]}""", "toolPolicy[0]")]
    [InlineData("""{"toolPolicy":[{"decision":"ask"}]}""", "toolPolicy[0].tool")]
    [InlineData("""{"toolPolicy":[{"tool":"","decision":"ask"}]}""", "toolPolicy[0].tool")]
    [InlineData("""{"toolPolicy":[{"tool":"rm -rf","decision":"ask"}]}""", "toolPolicy[0].tool")]
    [InlineData("""{"toolPolicy":[{"tool":"*"}]}""", "toolPolicy[0].decision")]
    [InlineData("""{"toolPolicy":[{"tool":"*","decision":"maybe"}]}""", "toolPolicy[0].decision")]
    [InlineData("""{"toolPolicy":[{"tool":"*","decision":"ask"},{"tool":"*","decision":"ask","arguments":[]}]}""", "toolPolicy[1].arguments")]
    [InlineData("""{"toolPolicy":[{"tool":"*","decision":"ask","arguments":{"command":7}}]}""", "toolPolicy[0].arguments.command")]
    public async Task A_policy_that_is_none_is_refused(string body, string field)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await tenant.Client.PostAsync("/api/sessions", body, Cancellation), field);
        ErrorAssert.IsInvalid(await tenant.Admin.PutAsync($"/api/admin/tenants/{tenant.TenantId}/tool-policy", body, Cancellation), field);
    }

    [Fact]
    public async Task Policies_have_their_limits()
    {
        using var tenant = await NewTenantAsync();
        var rule = new { tool = new string('a', 64), decision = "ask", arguments = Enumerable.Range(0, 15).ToDictionary(i => $"{i}", _ => new string('*', 1024)) };
        SessionCalls.Require(await tenant.Client.PostAsync("/api/sessions", new { toolPolicy = new[] { rule } }, Cancellation), 201);
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync("/api/sessions", new { toolPolicy = Enumerable.Repeat(rule, 2) }, Cancellation), "toolPolicy");

        ErrorAssert.IsInvalid(await tenant.Client.PostAsync("/api/sessions", new { toolPolicy = Enumerable.Repeat(new { tool = "*", decision = "ask" }, 101) }, Cancellation), "toolPolicy");
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync("/api/sessions", new { toolPolicy = new[] { rule with { tool = new string('a', 65) } } }, Cancellation), "toolPolicy[0].tool");
        ErrorAssert.IsInvalid(
            await tenant.Client.PostAsync("/api/sessions", new { toolPolicy = new[] { rule with { arguments = Enumerable.Range(0, 17).ToDictionary(i => $"{i}", _ => "*") } } }, Cancellation),
            "toolPolicy[0].arguments");
        ErrorAssert.IsInvalid(
            await tenant.Client.PostAsync("/api/sessions", new { toolPolicy = new[] { rule with { arguments = new Dictionary<string, string> { ["x"] = new string('*', 1025) } } } }, Cancellation),
            "toolPolicy[0].arguments.x");
    }

    /// <summary>A turn that waits for somebody to allow a command.</summary>
    private static async Task<(string SessionId, string ApprovalId)> AskAsync(ApiClient client)
    {
        var id = await client.CreateSessionAsync(Cancellation, new { toolPolicy = AskForCommands });
        var waiting = SessionCalls.Require(await client.SendMessageAsync(id, "run `echo asked`", Cancellation), 200);
        return (id, IdOf(waiting.Json.GetProperty("approvals")[0]));
    }

    private static string IdOf(JsonElement approval) => approval.GetProperty("approvalId").GetString()!;

    private static Task<ApiResponse> DecideAsync(ApiClient client, string sessionId, string approvalId, string decision) =>
        client.PostAsync($"/api/sessions/{sessionId}/approvals/{approvalId}", new { decision }, Cancellation);

    private static async Task<List<JsonElement>> ListAsync(ApiClient client, string sessionId) =>
        [.. SessionCalls.Require(await client.GetAsync($"/api/sessions/{sessionId}/approvals", Cancellation), 200).Json.GetProperty("approvals").EnumerateArray()];
}
