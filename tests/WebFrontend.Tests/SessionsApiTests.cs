using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests;

public sealed class SessionsApiTests
{
    private const string Session = $"/api/sessions/{FrontendHost.SessionId}";

    [Fact]
    public async Task Creating_the_references_session_answers_its_id_and_who_serves_it()
    {
        await using var host = await FrontendHost.StartAsync();

        var answer = await host.SendAsync(HttpMethod.Post, "/api/sessions", """{"model":"claude-3-5-sonnet-20241022","context":{"userId":"user-123"},"overlap":"merge"}""");

        var id = (string)answer.Json["sessionId"]!;
        Assert.Equal(201, answer.Status);
        Assert.Matches("^sess-[0-9a-z]{26}$", id);
        Assert.Equal("/api/sessions/" + id, answer["Location"]);
        Assert.Equal($$"""{"sessionId":"{{id}}","status":"created","model":"claude-3-5-sonnet-20241022","servedBy":"offline","createdAt":"2026-03-01T00:00:00.000Z"}""", answer.Text);
        var command = host.Sessions["default/s/" + id].CreateCommand!;
        Assert.Equal(("""{"userId":"user-123"}""", OverlapRule.Merge), (command.Context.ToString(), command.Overlap));
    }

    [Fact]
    public async Task Creating_a_session_needs_no_body()
    {
        await using var host = await FrontendHost.StartAsync();

        Assert.Equal(201, (await host.SendAsync(HttpMethod.Post, "/api/sessions")).Status);
    }

    [Fact]
    public async Task A_model_nobody_serves_is_refused_on_model()
    {
        await using var host = await FrontendHost.StartAsync();
        host.OnNewSession = session => session.CreateProblem = Problem.Invalid("model", Reasons.UnknownModel("gpt-9"));

        var answer = await host.SendAsync(HttpMethod.Post, "/api/sessions", """{"model":"gpt-9"}""");

        Assert.Equal((400, "model"), (answer.Status, (string?)answer.Error["details"]!["field"]));
    }

    [Fact]
    public async Task A_session_is_shown_with_readable_text_and_null_where_nothing_runs()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Session.Session = host.Session.Session! with { Title = "会议😀", Context = JsonPayload.From("""{"用户":"中"}"""), Usage = new TokenUsage(1, 2, true) };

        var idle = await host.SendAsync(HttpMethod.Get, Session);
        host.Session.Session = host.Session.Session with { Status = SessionStatus.Active, ActiveTurn = new ActiveTurn("turn-1", FakeSessionGrain.Created, 2, 3) };
        var active = await host.SendAsync(HttpMethod.Get, Session);

        Assert.Equal("""{"sessionId":"sess-abc123","status":"created","model":"claude-3-5-sonnet-20241022","servedBy":"offline","context":{"用户":"中"},"title":"会议😀","createdAt":"2026-03-01T00:00:00.000Z","updatedAt":"2026-03-01T00:00:00.000Z","messageCount":0,"usage":{"inputTokens":1,"outputTokens":2,"totalTokens":3,"estimated":true},"activeTurn":null}""", idle.Text);
        Assert.Equal("""{"turnId":"turn-1","startedAt":"2026-03-01T00:00:00.000Z","step":2,"waiting":3}""", active.Json["activeTurn"]!.ToJsonString());
        Assert.Equal("active", (string?)active.Json["status"]);
    }

    [Fact]
    public async Task Another_tenants_session_is_not_found()
    {
        await using var host = await FrontendHost.StartAsync();
        host.AddKey("other", "acme", Scopes.All);

        Assert.Equal(404, (await host.SendAsAsync("other", HttpMethod.Get, Session)).Status);
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, Session)).Status);
    }

    [Fact]
    public async Task Grains_are_called_on_behalf_of_the_callers_tenant()
    {
        await using var host = await FrontendHost.StartAsync();
        host.AddKey("other", "acme", Scopes.All);
        await host.SendAsAsync("other", HttpMethod.Get, Session);
        await host.SendAsync(HttpMethod.Get, Session);

        Assert.Equal(("acme", "default"), (host.Sessions[$"acme/s/{FrontendHost.SessionId}"].ReadFor, host.Session.ReadFor));
    }

    [Fact]
    public async Task A_patch_changes_what_it_names()
    {
        await using var host = await FrontendHost.StartAsync();

        var answer = await host.SendAsync(HttpMethod.Patch, Session, """{"title":"会议","context":{"a": 1.50, "b":"\u4e2d"},"model":null}""");

        Assert.Equal(200, answer.Status);
        var command = host.Session.UpdateCommand!;
        Assert.Equal(("会议", null, """{"a":1.50,"b":"中"}"""), (command.Title, command.Model, command.Context.ToString()));
    }

    [Fact]
    public async Task A_deleted_session_is_gone()
    {
        await using var host = await FrontendHost.StartAsync();

        var deleted = await host.SendAsync(HttpMethod.Delete, Session);
        var again = await host.SendAsync(HttpMethod.Delete, Session);

        Assert.Equal((200, """{"sessionId":"sess-abc123","status":"deleted"}"""), (deleted.Status, deleted.Text));
        Assert.Equal(404, again.Status);
        Assert.Equal(404, (await host.SendAsync(HttpMethod.Get, Session)).Status);
    }

    [Fact]
    public async Task A_cancel_tells_which_turn_it_stopped()
    {
        await using var host = await FrontendHost.StartAsync();
        var idle = await host.SendAsync(HttpMethod.Post, Session + "/cancel");
        host.Session.Session = host.Session.Session! with { ActiveTurn = new ActiveTurn("turn-1", FakeSessionGrain.Created, 1, 0) };
        var cancelled = await host.SendAsync(HttpMethod.Post, Session + "/cancel");

        Assert.Equal("""{"sessionId":"sess-abc123","status":"idle","turnId":null}""", idle.Text);
        Assert.Equal("""{"sessionId":"sess-abc123","status":"cancelled","turnId":"turn-1"}""", cancelled.Text);
    }

    [Fact]
    public async Task The_list_is_a_page_and_a_bad_cursor_a_problem()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Directory.Sessions = new SessionPage([host.Session.Session!], "next");
        var page = await host.SendAsync(HttpMethod.Get, "/api/sessions?limit=1");
        host.Directory.Sessions = new SessionPage([], null, Problem.Invalid("cursor", Reasons.Empty));
        var refused = await host.SendAsync(HttpMethod.Get, "/api/sessions?cursor=x");

        Assert.Equal(("next", FrontendHost.SessionId), ((string?)page.Json["nextCursor"], (string?)page.Json["sessions"]![0]!["sessionId"]));
        Assert.Equal((400, "cursor"), (refused.Status, (string?)refused.Error["details"]!["field"]));
    }

    [Fact]
    public async Task Scopes_decide_what_a_key_may_do()
    {
        await using var host = await FrontendHost.StartAsync();
        host.AddKey("reader", "default", Scopes.Read);
        host.AddKey("writer", "default", Scopes.Write);

        Assert.Equal(200, (await host.SendAsAsync("reader", HttpMethod.Get, Session)).Status);
        Assert.Equal(403, (await host.SendAsAsync("reader", HttpMethod.Post, "/api/sessions", "{}")).Status);
        Assert.Equal(403, (await host.SendAsAsync("writer", HttpMethod.Get, Session)).Status);
        Assert.Equal(201, (await host.SendAsAsync("writer", HttpMethod.Post, "/api/sessions", "{}")).Status);
        Assert.Equal(401, (await host.SendAsAsync(null, HttpMethod.Get, Session)).Status);
    }

    [Theory]
    [InlineData("Authorization", "Bearer oc_test", 200)]
    [InlineData("Authorization", "bearer oc_test", 200)]
    [InlineData("X-API-Key", "oc_test", 200)]
    [InlineData("Authorization", "Basic oc_test", 401)]
    [InlineData("Authorization", "oc_test", 401)]
    [InlineData("X-API-Key", "oc_tes", 401)]
    public async Task A_key_comes_in_either_header(string header, string value, int status)
    {
        await using var host = await FrontendHost.StartAsync();
        using var request = FrontendHost.Request(HttpMethod.Get, Session, key: null);
        request.Headers.TryAddWithoutValidation(header, value);

        Assert.Equal(status, (await host.SendBareAsync(request)).Status);
    }

    [Fact]
    public async Task A_key_in_the_url_is_no_key()
    {
        await using var host = await FrontendHost.StartAsync();

        Assert.Equal(401, (await host.SendAsAsync(null, HttpMethod.Get, Session + "?apiKey=oc_test&access_token=oc_test")).Status);
    }
}
