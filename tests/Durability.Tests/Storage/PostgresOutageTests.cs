using OpenClaw.Testing;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Durability.Tests.Storage;

/// <summary>
/// While PostgreSQL is away, whatever needs it is answered 503 on every route, and nothing of it happens later; when it is
/// back all works again by itself.
/// </summary>
[Trait("Category", "Slow")]
public sealed class PostgresOutageTests : IAsyncLifetime
{
    private const string Tenant = "acme";
    private static readonly string[] Scopes = ["read", "write"];

    private PostgresServer _postgres = null!;
    private ServerProcess _server = null!;
    private ApiClient _admin = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _postgres = await PostgresServer.StartAsync();
        _server = await ServerProcess.StartAsync(
            new ServerSettings { Database = DatabaseKind.Postgres, Postgres = _postgres, OfflineChunkDelayMilliseconds = 40 }, Cancellation);
        _admin = _server.CreateAdminClient();
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _server.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    [Fact]
    public async Task Every_route_of_sessions_answers_503_and_does_nothing()
    {
        var active = await NewSessionAsync();
        var inactive = await NewSessionAsync();
        await _server.RestartAsync(Cancellation);
        Assert.Equal("before", (await _admin.GetSessionAsync(active, Cancellation)).Text("title"));

        _postgres.StopImmediately();
        foreach (var id in new[] { active, inactive, "sess-unknown" })
        {
            AssertUnavailable(await _admin.GetAsync($"/api/sessions/{id}/messages", Cancellation));
            AssertUnavailable(await _admin.SendMessageAsync(id, "refused", Cancellation));
            AssertUnavailable(await _admin.SendMessageAsync(id, "refused", Cancellation, null, ("Idempotency-Key", id)));
            AssertUnavailable(await _admin.PostAsync($"/api/sessions/{id}/messages/stream", new { content = "refused" }, Cancellation));
            AssertUnavailable(await _admin.PatchAsync($"/api/sessions/{id}", new { title = "refused" }, Cancellation));
            AssertUnavailable(await _admin.PostAsync($"/api/sessions/{id}/cancel", null, Cancellation));
            AssertUnavailable(await _admin.DeleteAsync($"/api/sessions/{id}", Cancellation));
            AssertUnavailable(await _admin.GetAsync($"/api/sessions/{id}/stream?after=0", Cancellation));
            AssertUnavailable(await _admin.GetSessionAsync(id, Cancellation));
        }

        AssertUnavailable(await _admin.GetAsync("/api/sessions", Cancellation));
        AssertUnavailable(await _admin.GetAsync("/api/usage", Cancellation));
        AssertUnavailable(await _admin.PostAsync("/api/sessions", "{}", Cancellation));
        AssertUnavailable(await _admin.PostAsync("/api/sessions", "{}", Cancellation, ("Idempotency-Key", "create")));
        AssertUnavailable(await _admin.GetAsync("/api/admin/sessions/active", Cancellation));
        AssertUnavailable(await _admin.PostAsync("/api/admin/sessions/sess-unknown/cancel", null, Cancellation));
        var readiness = await _admin.GetAsync("/readyz", Cancellation);
        AssertUnavailable(readiness);
        Assert.Equal("unavailable", readiness.Text("status"));
        Assert.Equal("""{"silo":"ok","database":"lost"}""", readiness.Json.GetProperty("checks").GetRawText());
        Assert.Equal(200, (await _admin.GetAsync("/healthz", Cancellation)).Status);

        await ResumeAsync();
        foreach (var id in new[] { active, inactive })
        {
            Assert.Equal("before", (await _admin.GetSessionAsync(id, Cancellation)).Text("title"));
            var sent = await _admin.SendMessageAsync(id, "refused", Cancellation, null, ("Idempotency-Key", id));
            Assert.Equal("stop", sent.Text("finishReason"));
            Assert.Null(sent.Header("Idempotent-Replayed"));
            Assert.Equal(["before", "refused"], await QuestionsAsync(id));
        }

        Assert.Equal(2, (await _admin.GetAsync("/api/sessions", Cancellation)).Json.GetProperty("sessions").GetArrayLength());
        Assert.Equal(201, (await _admin.PostAsync("/api/sessions", "{}", Cancellation, ("Idempotency-Key", "create"))).Status);
    }

    [Fact]
    public async Task Every_route_of_tenants_answers_503_and_does_nothing()
    {
        SessionCalls.Require(await _admin.PostAsync("/api/admin/tenants", new { name = "Acme", tenantId = Tenant }, Cancellation), 201);
        var before = await _admin.GetAsync($"/api/admin/tenants/{Tenant}/limits", Cancellation);
        var keyId = (await NewKeyAsync()).Text("keyId");

        _postgres.StopImmediately();
        AssertUnavailable(await _admin.GetAsync("/api/admin/tenants", Cancellation));
        AssertUnavailable(await _admin.PostAsync("/api/admin/tenants", new { name = "Other", tenantId = "other" }, Cancellation));
        AssertUnavailable(await _admin.PutAsync($"/api/admin/tenants/{Tenant}/limits", new { messagesPerMinute = 7 }, Cancellation));
        AssertUnavailable(await _admin.GetAsync($"/api/admin/tenants/{Tenant}/keys", Cancellation));
        AssertUnavailable(await NewKeyAsync());
        AssertUnavailable(await NewKeyAsync(("Idempotency-Key", "key")));
        AssertUnavailable(await _admin.DeleteAsync($"/api/admin/keys/{keyId}", Cancellation));
        AssertUnavailable(await _admin.DeleteAsync($"/api/admin/tenants/{Tenant}", Cancellation));

        await ResumeAsync();
        var after = await _admin.GetAsync($"/api/admin/tenants/{Tenant}/limits", Cancellation);
        Assert.Equal(before.Body, after.Body);
        var tenants = (await _admin.GetAsync("/api/admin/tenants", Cancellation)).Json.GetProperty("tenants").EnumerateArray();
        Assert.Equal([Tenant, "default"], tenants.Select(tenant => tenant.GetProperty("tenantId").GetString()).Order());
        var keys = (await _admin.GetAsync($"/api/admin/tenants/{Tenant}/keys", Cancellation)).Json.GetProperty("keys").EnumerateArray();
        Assert.Equal(keyId, Assert.Single(keys).GetProperty("keyId").GetString());
        Assert.Equal(201, (await NewKeyAsync(("Idempotency-Key", "key"))).Status);
        Assert.Equal(200, (await _admin.PutAsync($"/api/admin/tenants/{Tenant}/limits", new { messagesPerMinute = 7 }, Cancellation)).Status);
        Assert.Equal(200, (await _admin.DeleteAsync($"/api/admin/tenants/{Tenant}", Cancellation)).Status);
    }

    [Fact]
    public async Task A_key_that_cannot_be_looked_up_is_neither_let_in_nor_turned_away()
    {
        SessionCalls.Require(await _admin.PostAsync("/api/admin/tenants", new { name = "Acme", tenantId = Tenant }, Cancellation), 201);
        using var client = _server.CreateClient((await NewKeyAsync()).Text("key"));
        using var stranger = _server.CreateClient("oc_nobody");
        await _server.RestartAsync(Cancellation);

        _postgres.StopImmediately();
        AssertUnavailable(await client.GetAsync("/api/sessions", Cancellation));
        AssertUnavailable(await stranger.GetAsync("/api/sessions", Cancellation));

        await ResumeAsync();
        Assert.Equal(200, (await client.GetAsync("/api/sessions", Cancellation)).Status);
        Assert.Equal(401, (await stranger.GetAsync("/api/sessions", Cancellation)).Status);
    }

    [Fact]
    public async Task A_turn_and_those_who_watch_it_go_on_after_the_outage()
    {
        var id = await _admin.CreateSessionAsync(Cancellation);
        await using var watch = await _admin.WatchAsync(id, 0, Cancellation);
        await using var turn = await _admin.StreamMessageAsync(id, "帮我写一段代码", Cancellation);
        var seen = await watch.ReadUntilAsync(frame => frame.Type == "text", Cancellation);
        _postgres.StopImmediately();
        // An answer means that the session has given its writes up.
        AssertUnavailable(await _admin.SendMessageAsync(id, "refused", Cancellation));

        await ResumeAsync();
        seen.AddRange(await watch.ReadUntilAsync(frame => frame.EndsTurn, Cancellation));
        Assert.Single(seen, frame => frame.IsStatus("recovering"));
        Assert.Equal("stop", seen[^1].Text("finishReason"));
        var history = await _admin.HistoryAsync(id, Cancellation);
        Assert.Equal(2, history.Count);
        Assert.Equal(Transcript.Bare(history[1].GetProperty("content").GetString()!), Transcript.Bare(Transcript.Of(seen)));
    }

    private static void AssertUnavailable(ApiResponse response)
    {
        Assert.True(response.Status == 503, $"Expected 503, got {response}");
        Assert.Equal("INTERNAL_ERROR", response.Text("error", "code"));
        Assert.Equal("1", response.Header("Retry-After"));
        Assert.DoesNotMatch("(?i)postgres|npgsql|127\\.0\\.0\\.1|orleans", response.Body);
    }

    private async Task<string> NewSessionAsync()
    {
        var id = await _admin.CreateSessionAsync(Cancellation);
        Assert.Equal(200, (await _admin.SendMessageAsync(id, "before", Cancellation)).Status);
        return id;
    }

    private Task<ApiResponse> NewKeyAsync(params (string Name, string Value)[] headers) =>
        _admin.PostAsync($"/api/admin/tenants/{Tenant}/keys", new { name = "key", scopes = Scopes }, Cancellation, headers);

    private async Task<IEnumerable<string?>> QuestionsAsync(string id) =>
        from message in await _admin.HistoryAsync(id, Cancellation)
        where message.GetProperty("role").GetString() == "user"
        select message.GetProperty("content").GetString();

    private async Task ResumeAsync()
    {
        await _postgres.ResumeAsync();
        await _server.WaitUntilReadyAsync(Cancellation);
    }
}
