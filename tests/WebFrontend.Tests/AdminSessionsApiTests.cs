using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests;

public sealed class AdminSessionsApiTests
{
    private const string Active = "/api/admin/sessions/active";

    [Fact]
    public async Task Only_an_admin_key_of_the_default_tenant_sees_and_stops_sessions()
    {
        await using var host = await FrontendHost.StartAsync();
        host.AddKey("no-admin", "default", Scopes.Read | Scopes.Write | Scopes.Execute);
        host.AddKey("elsewhere", "acme", Scopes.All);

        foreach (var (key, status) in new (string?, int)[] { ("no-admin", 403), ("elsewhere", 403), (null, 401) })
        {
            Assert.Equal(status, (await host.SendAsAsync(key, HttpMethod.Get, Active)).Status);
            Assert.Equal(status, (await host.SendAsAsync(key, HttpMethod.Post, "/api/admin/sessions/sess-1/cancel")).Status);
        }
    }

    [Fact]
    public async Task Active_sessions_are_shown_without_what_was_said_in_them()
    {
        await using var host = await FrontendHost.StartAsync();
        var turn = new ActiveTurn("turn-1", FakeSessionGrain.Created, 2, 1);
        host.Directory.Active = new ActiveSessionPage([new ActiveSession("acme", "sess-1", "offline", FakeSessionGrain.Created, turn)], "next");

        var answer = await host.SendAsync(HttpMethod.Get, Active + "?limit=1&cursor=before&tenantId=acme");

        Assert.Equal(
            """{"sessions":[{"tenantId":"acme","sessionId":"sess-1","model":"offline","activeTurn":{"turnId":"turn-1","startedAt":"2026-03-01T00:00:00.000Z","step":2,"waiting":1},"updatedAt":"2026-03-01T00:00:00.000Z"}],"nextCursor":"next"}""",
            answer.Text);
        Assert.Equal(("acme", 1, "before"), host.Directory.ActiveAsked);
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("tenantId=ACME", "tenantId")]
    public async Task A_wrong_parameter_is_refused_on_its_name(string query, string field)
    {
        await using var host = await FrontendHost.StartAsync();

        var answer = await host.SendAsync(HttpMethod.Get, Active + "?" + query);

        Assert.Equal((400, field), (answer.Status, (string?)answer.Error["details"]!["field"]));
    }

    [Fact]
    public async Task An_unreadable_cursor_is_refused()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Directory.Active = new ActiveSessionPage([], null, Problem.Invalid("cursor", Reasons.InvalidCursor));

        Assert.Equal((400, "cursor"), await RefusalAsync(host.SendAsync(HttpMethod.Get, Active + "?cursor=x")));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("""{"tenantId":"acme"}""")]
    public async Task A_cancel_is_made_in_the_name_of_the_sessions_own_tenant(string? body)
    {
        await using var host = await FrontendHost.StartAsync();
        host.Directory.SessionOwner = new SessionOwner("acme", false);
        var session = await host.AddSessionAsync("acme/s/sess-1");
        session.Session = session.Session! with { ActiveTurn = new ActiveTurn("turn-1", FakeSessionGrain.Created, 1, 0) };

        var answer = await host.SendAsync(HttpMethod.Post, "/api/admin/sessions/sess-1/cancel", body);

        Assert.Equal((200, """{"sessionId":"sess-1","status":"cancelled","turnId":"turn-1"}"""), (answer.Status, answer.Text));
        Assert.Equal("acme", session.CancelledFor);
    }

    [Fact]
    public async Task A_cancel_with_an_idempotency_key_is_kept_as_the_operators()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Directory.SessionOwner = new SessionOwner("acme", false);
        await host.AddSessionAsync("acme/s/sess-1");

        var first = await host.SendAsync(HttpMethod.Post, "/api/admin/sessions/sess-1/cancel", null, ("Idempotency-Key", "k"));
        var again = await host.SendAsync(HttpMethod.Post, "/api/admin/sessions/sess-1/cancel", null, ("Idempotency-Key", "k"));

        Assert.Equal("""{"sessionId":"sess-1","status":"idle","turnId":null}""", first.Text);
        Assert.Equal((first.Text, "true"), (again.Text, again["Idempotent-Replayed"]));
        Assert.All(host.Idempotency.Keys, key => Assert.StartsWith("default/", key));
    }

    [Theory]
    [InlineData("sess-nobody", null)]
    [InlineData("sess-nobody", """{"tenantId":"acme"}""")]
    [InlineData("no%20id", """{"tenantId":"acme"}""")]
    public async Task An_unknown_session_is_not_found(string id, string? body)
    {
        await using var host = await FrontendHost.StartAsync();

        Assert.Equal((404, "sessionId"), await RefusalAsync(host.SendAsync(HttpMethod.Post, $"/api/admin/sessions/{id}/cancel", body)));
    }

    [Fact]
    public async Task An_id_that_two_tenants_have_asks_for_the_tenant()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Directory.SessionOwner = new SessionOwner("acme", true);
        await host.AddSessionAsync("other/s/sess-1");

        Assert.Equal((400, "tenantId"), await RefusalAsync(host.SendAsync(HttpMethod.Post, "/api/admin/sessions/sess-1/cancel")));
        Assert.Equal(200, (await host.SendAsync(HttpMethod.Post, "/api/admin/sessions/sess-1/cancel", """{"tenantId":"other"}""")).Status);
    }

    [Theory]
    [InlineData("""{"tenantId":"ACME"}""")]
    [InlineData("""{"tenantId":7}""")]
    public async Task A_wrong_tenant_is_refused_on_its_field(string body)
    {
        await using var host = await FrontendHost.StartAsync();

        Assert.Equal((400, "tenantId"), await RefusalAsync(host.SendAsync(HttpMethod.Post, "/api/admin/sessions/sess-1/cancel", body)));
    }

    private static async Task<(int Status, string? Field)> RefusalAsync(Task<Answer> sending)
    {
        var answer = await sending;
        return (answer.Status, (string?)answer.Error["details"]!["field"]);
    }
}
