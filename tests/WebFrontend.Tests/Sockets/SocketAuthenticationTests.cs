using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests.Sockets;

/// <summary>The four ways of showing a key, and what happens without.</summary>
public sealed class SocketAuthenticationTests
{
    private const string Ping = """{"type":"ping"}""";

    [Theory]
    [InlineData("Authorization", "Bearer " + FrontendHost.Key)]
    [InlineData("X-API-Key", FrontendHost.Key)]
    public async Task A_key_in_the_headers_opens_a_socket(string header, string value)
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenBareAsync(host, "", (header, value));
        Assert.Equal("pong", (string?)(await client.AskAsync(Ping))["type"]);
    }

    [Fact]
    public async Task A_key_in_the_first_frame_opens_a_socket()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenBareAsync(host);
        Assert.Equal("""{"type":"authenticated"}""", (await client.AskAsync(Auth(FrontendHost.Key))).ToJsonString());
        Assert.Equal("pong", (string?)(await client.AskAsync(Ping))["type"]);
        var again = await client.AskAsync(Auth(FrontendHost.Key));
        Assert.Equal("INVALID_REQUEST", (string?)again["error"]!["code"]);
    }

    [Fact]
    public async Task A_ticket_opens_one_socket()
    {
        await using var host = await FrontendHost.StartAsync();
        var answer = await host.SendAsync(HttpMethod.Post, "/api/ws/tickets");
        Assert.Equal(201, answer.Status);
        var ticket = (string)answer.Json["ticket"]!;
        Assert.Equal("2026-03-01T00:01:00.000Z", (string?)answer.Json["expiresAt"]);

        await using (var client = await SocketClient.OpenBareAsync(host, $"?ticket={ticket}"))
            Assert.Equal("pong", (string?)(await client.AskAsync(Ping))["type"]);
        await using var second = await SocketClient.OpenBareAsync(host, $"?ticket={ticket}");
        Assert.Equal(("UNAUTHORIZED", 4401), await second.RefusedAsync());
    }

    [Fact]
    public async Task A_ticket_expires_after_a_minute()
    {
        await using var host = await FrontendHost.StartAsync();
        var answer = await host.SendAsync(HttpMethod.Post, "/api/ws/tickets");
        host.Time.Advance(TimeSpan.FromSeconds(60));
        await using var client = await SocketClient.OpenBareAsync(host, $"?ticket={(string)answer.Json["ticket"]!}");
        Assert.Equal(("UNAUTHORIZED", 4401), await client.RefusedAsync());
    }

    [Fact]
    public async Task A_ticket_needs_the_scope_read()
    {
        await using var host = await FrontendHost.StartAsync();
        host.AddKey("oc_writer", "default", Scopes.Write);
        Assert.Equal(403, (await host.SendAsAsync("oc_writer", HttpMethod.Post, "/api/ws/tickets")).Status);
    }

    [Fact]
    public async Task The_cookie_of_a_sign_in_opens_a_socket_from_a_page_of_this_server()
    {
        await using var host = await FrontendHost.StartAsync();
        var cookie = await SignInAsync(host);
        await using var client = await SocketClient.OpenBareAsync(host, "", ("Cookie", cookie), ("Origin", host.Address.GetLeftPart(UriPartial.Authority)));
        Assert.Equal("pong", (string?)(await client.AskAsync(Ping))["type"]);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData(null)]
    public async Task The_cookie_opens_nothing_for_other_pages(string? origin)
    {
        await using var host = await FrontendHost.StartAsync();
        var cookie = await SignInAsync(host);
        await using var client = await SocketClient.OpenBareAsync(host, "", origin is null ? [("Cookie", cookie)] : [("Cookie", cookie), ("Origin", origin)]);
        await client.SendAsync(Ping);
        Assert.Equal(("UNAUTHORIZED", 4401), await client.RefusedAsync());
    }

    [Fact]
    public async Task A_page_of_another_site_may_show_a_key_of_its_own()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenBareAsync(host, "", ("Origin", "https://app.example"));
        Assert.Equal("authenticated", (string?)(await client.AskAsync(Auth(FrontendHost.Key)))["type"]);
    }

    [Fact]
    public async Task The_cookie_cannot_be_read_by_scripts_or_sent_by_other_sites()
    {
        await using var host = await FrontendHost.StartAsync();
        var answer = await host.SendAsync(HttpMethod.Post, "/api/console/login");
        Assert.Equal(204, answer.Status);
        var cookie = answer["Set-Cookie"]!;
        Assert.Matches("^openclaw_console=[A-Za-z0-9_-]{43}; max-age=43200; path=/; samesite=strict; httponly$", cookie);
        Assert.DoesNotContain(FrontendHost.Key, cookie, StringComparison.Ordinal);
        Assert.Equal(401, (await host.SendAsAsync("oc_wrong", HttpMethod.Post, "/api/console/login")).Status);
    }

    [Fact]
    public async Task Signing_out_ends_what_the_cookie_opened()
    {
        await using var host = await FrontendHost.StartAsync();
        var cookie = await SignInAsync(host);
        var origin = ("Origin", host.Address.GetLeftPart(UriPartial.Authority));
        await using var client = await SocketClient.OpenBareAsync(host, "", ("Cookie", cookie), origin);
        await client.AskAsync(Ping);
        var answer = await host.SendAsync(HttpMethod.Post, "/api/console/logout", null, ("Cookie", cookie));
        Assert.Equal(204, answer.Status);
        Assert.Contains("max-age=0", answer["Set-Cookie"], StringComparison.Ordinal);

        host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("UNAUTHORIZED", 4401), await client.RefusedAsync());
        await using var second = await SocketClient.OpenBareAsync(host, "", ("Cookie", cookie), origin);
        await second.SendAsync(Ping);
        Assert.Equal(("UNAUTHORIZED", 4401), await second.RefusedAsync());
    }

    [Fact]
    public async Task A_sign_in_ends_after_twelve_hours()
    {
        await using var host = await FrontendHost.StartAsync();
        var cookie = await SignInAsync(host);
        host.Time.Advance(TimeSpan.FromHours(12));
        await using var client = await SocketClient.OpenBareAsync(host, "", ("Cookie", cookie), ("Origin", host.Address.GetLeftPart(UriPartial.Authority)));
        await client.SendAsync(Ping);
        Assert.Equal(("UNAUTHORIZED", 4401), await client.RefusedAsync());
    }

    [Theory]
    [InlineData("oc_wrong")]
    [InlineData("")]
    public async Task A_wrong_key_in_the_headers_is_refused_by_a_frame(string key)
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenBareAsync(host, "", ("X-API-Key", key + "x"));
        Assert.Equal(("UNAUTHORIZED", 4401), await client.RefusedAsync());
    }

    [Theory]
    [InlineData("""{"type":"subscribe","channels":["messages"]}""")]
    [InlineData("""{"type":"auth","apiKey":"oc_wrong"}""")]
    [InlineData("""{"type":"auth"}""")]
    [InlineData("not JSON")]
    [InlineData("")]
    public async Task Before_authentication_nothing_is_answered_but_unauthorized(string frame)
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenBareAsync(host);
        await client.SendAsync(frame);
        Assert.Equal(("UNAUTHORIZED", 4401), await client.RefusedAsync());
    }

    [Fact]
    public async Task A_long_first_frame_is_not_read_as_a_key()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenBareAsync(host);
        await client.SendAsync("{\"type\":\"auth\",\"apiKey\":\"" + FrontendHost.Key + "\",\"padding\":\"" + new string('x', 8192) + "\"}");
        Assert.Equal(("UNAUTHORIZED", 4401), await client.RefusedAsync());
    }

    [Fact]
    public async Task Who_shows_no_key_for_ten_seconds_is_closed()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenBareAsync(host);
        // It is answered before its time begins to run.
        await host.SocketsAsync(1);
        host.Time.Advance(TimeSpan.FromSeconds(9));
        host.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(("UNAUTHORIZED", 4401), await client.RefusedAsync());
    }

    [Fact]
    public async Task A_key_that_is_revoked_closes_its_sockets_within_a_second()
    {
        await using var host = await FrontendHost.StartAsync();
        var key = host.AddKey("oc_other", "default", Scopes.All);
        await using var client = await SocketClient.OpenBareAsync(host, "", ("X-API-Key", "oc_other"));
        await using var other = await SocketClient.OpenAsync(host);
        await client.AskAsync(Ping);
        key.Key = null;
        host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(("UNAUTHORIZED", 4401), await client.RefusedAsync());
        Assert.Equal("pong", (string?)(await other.AskAsync(Ping))["type"]);
    }

    [Fact]
    public async Task A_request_that_opens_no_socket_is_told_so()
    {
        await using var host = await FrontendHost.StartAsync();
        var answer = await host.SendAsync(HttpMethod.Get, "/ws");
        Assert.Equal(400, answer.Status);
        Assert.Equal("INVALID_REQUEST", (string?)answer.Error["code"]);
    }

    private static string Auth(string key) => $$"""{"type":"auth","apiKey":"{{key}}"}""";

    private static async Task<string> SignInAsync(FrontendHost host)
    {
        var answer = await host.SendAsync(HttpMethod.Post, "/api/console/login");
        return answer["Set-Cookie"]!.Split(';')[0];
    }
}
