using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Sessions;

public abstract class SessionTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : SessionTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : SessionTests(servers.OnPostgres);

    [Fact]
    public async Task A_created_session_tells_where_it_is_and_who_will_answer()
    {
        using var tenant = await NewTenantAsync();
        var body = new { model = "gpt-4o", title = "标题", systemPrompt = "Be brief.", overlap = "reject", context = new { a = 1 } };
        var response = await tenant.Client.PostAsync("/api/sessions", body, Cancellation);
        Assert.Equal(201, response.Status);
        Shape.Has(response.Json, "sessionId", "status", "model", "servedBy", "createdAt");
        Assert.Equal("gpt-4o", response.Text("model"));
        Assert.Equal("offline", response.Text("servedBy"));
        Shape.IsRecentTime(response.Json.GetProperty("createdAt"));
        Assert.EndsWith($"/api/sessions/{response.Text("sessionId")}", response.Header("Location"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_that_names_no_model_is_served_by_offline_when_no_provider_is_configured()
    {
        using var tenant = await NewTenantAsync();
        var response = await tenant.Client.PostAsync("/api/sessions", "{}", Cancellation);
        Assert.Equal(201, response.Status);
        Assert.Equal("offline", response.Text("model"));
        Assert.Equal("offline", response.Text("servedBy"));
    }

    [Fact]
    public async Task A_session_shows_everything_the_contract_names()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation, """{"title":"标题","context":{"userId":"用户","deep":[1,2]}}""");
        var session = (await tenant.Client.GetSessionAsync(id, Cancellation)).Json;
        Shape.Has(
            session, "sessionId", "status", "model", "context", "title", "createdAt", "updatedAt", "messageCount", "usage", "activeTurn");
        Assert.Equal("created", session.GetProperty("status").GetString());
        Assert.Equal("标题", session.GetProperty("title").GetString());
        Assert.Equal("用户", session.GetProperty("context").GetProperty("userId").GetString());
        Assert.Equal("[1,2]", session.GetProperty("context").GetProperty("deep").GetRawText().Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(0, session.GetProperty("messageCount").GetInt32());
        Assert.Equal(JsonValueKind.Null, session.GetProperty("activeTurn").ValueKind);
        Shape.IsRecentTime(session.GetProperty("createdAt"));
        Shape.IsRecentTime(session.GetProperty("updatedAt"));
    }

    [Fact]
    public async Task A_turn_makes_a_session_active_and_its_end_makes_it_idle()
    {
        using var tenant = await NewTenantAsync(Servers.Endless);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var stream = await tenant.Client.StreamMessageAsync(id, CodeQuestion, Cancellation);
        var active = (await tenant.Client.GetSessionAsync(id, Cancellation)).Json;
        Assert.Equal("active", active.GetProperty("status").GetString());
        var turnId = active.GetProperty("activeTurn").GetProperty("turnId").GetString();

        await tenant.Client.PostAsync($"/api/sessions/{id}/cancel", "{}", Cancellation);
        var done = (await stream.ReadToEndAsync(Cancellation))[^1];
        Assert.Equal(turnId, done.TurnId);
        var idle = (await tenant.Client.GetSessionAsync(id, Cancellation)).Json;
        Assert.Equal("idle", idle.GetProperty("status").GetString());
        Assert.Equal(JsonValueKind.Null, idle.GetProperty("activeTurn").ValueKind);
    }

    [Fact]
    public async Task The_first_message_gives_a_session_its_title()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        Assert.Equal(JsonValueKind.Null, (await tenant.Client.GetSessionAsync(id, Cancellation)).Json.GetProperty("title").ValueKind);
        await tenant.Client.SendMessageAsync(id, "周末去哪里玩", Cancellation);
        Assert.Equal("周末去哪里玩", (await tenant.Client.GetSessionAsync(id, Cancellation)).Text("title"));
        await tenant.Client.SendMessageAsync(id, "another question", Cancellation);
        Assert.Equal("周末去哪里玩", (await tenant.Client.GetSessionAsync(id, Cancellation)).Text("title"));
    }

    [Fact]
    public async Task A_title_of_ones_own_stays()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation, new { title = "mine" });
        await tenant.Client.SendMessageAsync(id, "hello", Cancellation);
        Assert.Equal("mine", (await tenant.Client.GetSessionAsync(id, Cancellation)).Text("title"));
    }

    [Fact]
    public async Task The_usage_of_a_session_is_the_sum_of_its_turns()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        var first = (await tenant.Client.SendMessageAsync(id, "hello", Cancellation)).Json.GetProperty("usage");
        var second = (await tenant.Client.SendMessageAsync(id, CodeQuestion, Cancellation)).Json.GetProperty("usage");
        Shape.IsUsage(first);
        Shape.IsUsage(second);
        var session = (await tenant.Client.GetSessionAsync(id, Cancellation)).Json;
        Assert.Equal(4, session.GetProperty("messageCount").GetInt32());
        foreach (var (name, count) in Shape.Counts(first))
            Assert.Equal(count + Shape.Counts(second)[name], Shape.Counts(session.GetProperty("usage"))[name]);
    }

    [Fact]
    public async Task Title_context_and_model_can_be_changed()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation, new { title = "old", context = new { a = 1 } });
        Assert.Equal(200, (await tenant.Client.PatchAsync($"/api/sessions/{id}", new { title = "新标题" }, Cancellation)).Status);
        Assert.Equal(200, (await tenant.Client.PatchAsync($"/api/sessions/{id}", new { context = new { b = 2 } }, Cancellation)).Status);
        Assert.Equal(200, (await tenant.Client.PatchAsync($"/api/sessions/{id}", new { model = "other-model" }, Cancellation)).Status);
        var session = await tenant.Client.GetSessionAsync(id, Cancellation);
        Assert.Equal("新标题", session.Text("title"));
        Assert.Equal(2, session.Json.GetProperty("context").GetProperty("b").GetInt32());
        Assert.Equal("other-model", session.Text("model"));
        Assert.Contains("新标题", session.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_session_is_gone_for_good()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await tenant.Client.SendMessageAsync(id, "hello", Cancellation);
        Assert.Equal(200, (await tenant.Client.DeleteAsync($"/api/sessions/{id}", Cancellation)).Status);
        ErrorAssert.IsNotFound(await tenant.Client.GetSessionAsync(id, Cancellation));
        ErrorAssert.IsNotFound(await tenant.Client.GetAsync($"/api/sessions/{id}/messages", Cancellation));
        ErrorAssert.IsNotFound(await tenant.Client.GetAsync($"/api/sessions/{id}/stream?after=0", Cancellation));
        ErrorAssert.IsNotFound(await tenant.Client.SendMessageAsync(id, "hello", Cancellation));
        ErrorAssert.IsNotFound(await tenant.Client.PostAsync($"/api/sessions/{id}/messages/stream", new { content = "x" }, Cancellation));
        ErrorAssert.IsNotFound(await tenant.Client.PostAsync($"/api/sessions/{id}/cancel", "{}", Cancellation));
        ErrorAssert.IsNotFound(await tenant.Client.PatchAsync($"/api/sessions/{id}", new { title = "x" }, Cancellation));
        ErrorAssert.IsNotFound(await tenant.Client.DeleteAsync($"/api/sessions/{id}", Cancellation));
        Assert.Empty((await tenant.Client.GetAsync("/api/sessions", Cancellation)).Json.GetProperty("sessions").EnumerateArray());
    }
}
