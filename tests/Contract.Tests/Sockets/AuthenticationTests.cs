using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Sockets;

namespace OpenClaw.Contract.Tests.Sockets;

/// <summary>Every way in, and what is said to those who have none.</summary>
public abstract class AuthenticationTests(DatabaseServers servers) : SocketTest(servers)
{
    private const string CookieName = "openclaw_console";

    /// <summary>With what takes long and has no part in a database.</summary>
    public sealed class OnSqlite(Servers servers) : AuthenticationTests(servers.OnSqlite)
    {
        [Fact]
        [Trait("Category", "Slow")]
        public async Task A_client_that_says_nothing_has_ten_seconds()
        {
            using var tenant = await NewTenantAsync();
            var since = TimeProvider.System.GetTimestamp();
            await using var socket = await OpenAsync(tenant, "");

            await IsUnauthorizedAsync(socket);

            Assert.InRange(TimeProvider.System.GetElapsedTime(since).TotalSeconds, 9, 15);
        }

        [Fact]
        [Trait("Category", "Slow")]
        public async Task A_ticket_expires_after_a_minute()
        {
            using var tenant = await NewTenantAsync();
            var answer = SessionCalls.Require(await tenant.Client.PostAsync("/api/ws/tickets", null, Cancellation), 201);

            await Eventually.ReachedAsync(Shape.Time(answer.Json, "expiresAt").AddSeconds(1), Cancellation);

            await IsUnauthorizedAsync(() => OpenWithTicketAsync(tenant, answer.Text("ticket")!));
        }
    }

    public sealed class OnPostgres(Servers servers) : AuthenticationTests(servers.OnPostgres);

    private static Task<ApiSocket> OpenAsync(TestTenant tenant, string query, params (string Name, string Value)[] headers) =>
        ApiSocket.OpenAsync(tenant.Server.BaseAddress, Cancellation, query, headers);

    private static string OriginOf(TestTenant tenant) => tenant.Server.BaseAddress.GetLeftPart(UriPartial.Authority);

    private static async Task<string> TicketAsync(ApiClient client) =>
        SessionCalls.Require(await client.PostAsync("/api/ws/tickets", null, Cancellation), 201).Text("ticket")!;

    private static Task<ApiSocket> OpenWithTicketAsync(TestTenant tenant, string ticket) => OpenAsync(tenant, $"ticket={Uri.EscapeDataString(ticket)}");

    /// <summary>Logs in as the console does and returns the answer's one cookie.</summary>
    private static async Task<string> LoginAsync(TestTenant tenant)
    {
        var answer = await tenant.Client.PostAsync("/api/console/login", null, Cancellation, ("Origin", OriginOf(tenant)));
        SessionCalls.Require(answer, 204);
        Assert.Empty(answer.Body);
        return answer.Header("Set-Cookie")!;
    }

    private static string PairOf(string cookie) => cookie.Split(';')[0];

    private static Task<ApiSocket> OpenWithCookieAsync(TestTenant tenant, string cookie, string? origin) => origin is null
        ? OpenAsync(tenant, "", ("Cookie", PairOf(cookie)))
        : OpenAsync(tenant, "", ("Cookie", PairOf(cookie)), ("Origin", origin));

    private static async Task IsOpenAsync(ApiSocket socket) => await socket.AskAsync(BothChannels, "subscribed", Cancellation);

    [Theory]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("X-API-Key", "")]
    public async Task A_key_is_taken_from_either_header(string header, string prefix)
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant, "", (header, prefix + tenant.Key));

        await IsOpenAsync(socket);
    }

    [Fact]
    public async Task A_key_is_taken_from_the_first_frame()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant, "");

        await socket.SendAsync(new { type = "auth", apiKey = tenant.Key }, Cancellation);
        var authenticated = await socket.ReadAsync(Cancellation);

        Assert.Equal("authenticated", authenticated!.Type);
        Assert.DoesNotContain(tenant.Key, authenticated.Raw, StringComparison.Ordinal);
        await IsOpenAsync(socket);
    }

    [Theory]
    [InlineData("Bearer wrong")]
    [InlineData("Bearer ")]
    [InlineData("Basic dXNlcjpwYXNz")]
    public async Task A_wrong_key_in_the_header_is_refused(string value)
    {
        using var tenant = await NewTenantAsync();

        await IsUnauthorizedAsync(() => OpenAsync(tenant, "", ("Authorization", value)));
    }

    [Theory]
    [InlineData("""{"type":"auth","apiKey":"wrong"}""")]
    [InlineData("""{"type":"auth","apiKey":""}""")]
    [InlineData("""{"type":"auth","apiKey":5}""")]
    [InlineData("""{"type":"auth"}""")]
    [InlineData("""{"type":"ping"}""")]
    [InlineData("""{"type":"subscribe","channels":["messages","tasks"]}""")]
    [InlineData("""{"type":"message","content":"hello"}""")]
    [InlineData("""{"type":"no such type"}""")]
    [InlineData("{")]
    [InlineData("")]
    public async Task Before_its_key_a_client_is_told_one_thing(string frame)
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant, "");

        await socket.SendAsync(frame, Cancellation);

        await IsUnauthorizedAsync(socket);
        Assert.Empty((await tenant.Client.GetAsync("/api/sessions", Cancellation)).Json.GetProperty("sessions").EnumerateArray());
    }

    [Theory]
    [InlineData("apiKey")]
    [InlineData("api_key")]
    [InlineData("key")]
    [InlineData("access_token")]
    [InlineData("token")]
    [InlineData("ticket")]
    public async Task A_key_in_the_address_is_not_taken(string name)
    {
        using var tenant = await NewTenantAsync();

        await IsUnauthorizedAsync(() => OpenAsync(tenant, $"{name}={tenant.Key}"));
    }

    [Fact]
    public async Task A_ticket_opens_one_connection()
    {
        using var tenant = await NewTenantAsync();
        var answer = SessionCalls.Require(await tenant.Client.PostAsync("/api/ws/tickets", null, Cancellation), 201);
        var ticket = answer.Text("ticket")!;

        await using (var socket = await OpenWithTicketAsync(tenant, ticket)) await IsOpenAsync(socket);

        await IsUnauthorizedAsync(() => OpenWithTicketAsync(tenant, ticket));
        Assert.InRange(Shape.Time(answer.Json, "expiresAt"), TimeProvider.System.GetUtcNow().AddSeconds(50), TimeProvider.System.GetUtcNow().AddSeconds(61));
        Assert.NotEqual(ticket, await TicketAsync(tenant.Client));
    }

    [Fact]
    public async Task A_ticket_that_many_use_at_once_opens_one_connection()
    {
        using var tenant = await NewTenantAsync();
        var ticket = await TicketAsync(tenant.Client);

        var opened = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => TryAsync()));

        Assert.Single(opened, answered => answered);

        async Task<bool> TryAsync()
        {
            try
            {
                await using var socket = await OpenWithTicketAsync(tenant, ticket);
                await socket.SendAsync(Ping, Cancellation);
                return (await socket.ReadAsync(Cancellation))!.Type == "pong";
            }
            catch (SocketRefusedException)
            {
                return false;
            }
        }
    }

    [Theory]
    [InlineData("wrong")]
    [InlineData("")]
    public async Task A_ticket_that_never_was_opens_nothing(string ticket)
    {
        using var tenant = await NewTenantAsync();

        await IsUnauthorizedAsync(() => OpenWithTicketAsync(tenant, ticket));
    }

    [Fact]
    public async Task A_ticket_has_the_scopes_of_its_key_and_is_replayed_without_its_secret()
    {
        using var tenant = await NewTenantAsync();
        using var reader = tenant.ClientWith((await tenant.CreateKeyAsync(["read"], Cancellation)).Key);
        using var writer = tenant.ClientWith((await tenant.CreateKeyAsync(["write"], Cancellation)).Key);
        using var nobody = tenant.ClientWith(null);

        var first = SessionCalls.Require(await reader.PostAsync("/api/ws/tickets", null, Cancellation, ("Idempotency-Key", "t")), 201);
        var again = SessionCalls.Require(await reader.PostAsync("/api/ws/tickets", null, Cancellation, ("Idempotency-Key", "t")), 201);
        await using var socket = await OpenWithTicketAsync(tenant, first.Text("ticket")!);
        await IsOpenAsync(socket);

        await IsRefusedAsync(socket, """{"type":"message","content":"hello"}""", "FORBIDDEN");
        Assert.Equal("true", again.Header("Idempotent-Replayed"));
        Assert.DoesNotContain(first.Text("ticket")!, again.Body, StringComparison.Ordinal);
        ErrorAssert.IsForbidden(await writer.PostAsync("/api/ws/tickets", null, Cancellation));
        ErrorAssert.IsUnauthorized(await nobody.PostAsync("/api/ws/tickets", null, Cancellation));
    }

    [Fact]
    public async Task The_consoles_cookie_opens_a_connection_from_its_own_pages()
    {
        using var tenant = await NewTenantAsync();
        var cookie = await LoginAsync(tenant);

        await using var socket = await OpenWithCookieAsync(tenant, cookie, OriginOf(tenant));

        await IsOpenAsync(socket);
        Assert.StartsWith($"{CookieName}=", cookie, StringComparison.Ordinal);
        var attributes = cookie.Split(';')[1..].Select(attribute => attribute.Trim().ToLowerInvariant()).ToList();
        Assert.Contains("httponly", attributes);
        Assert.Contains("samesite=strict", attributes);
        Assert.Contains("path=/", attributes);
        // Over http a browser would not send it back.
        Assert.DoesNotContain("secure", attributes);
        Assert.DoesNotContain(tenant.Key, cookie, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("null")]
    [InlineData("http://evil.example")]
    [InlineData("http://127.0.0.1:1")]
    public async Task The_consoles_cookie_opens_nothing_from_elsewhere(string? origin)
    {
        using var tenant = await NewTenantAsync();
        var cookie = await LoginAsync(tenant);

        await IsUnauthorizedAsync(() => OpenWithCookieAsync(tenant, cookie, origin));
    }

    [Fact]
    public async Task A_cookie_is_over_when_the_console_logs_out()
    {
        using var tenant = await NewTenantAsync();
        using var nobody = tenant.ClientWith(null);
        var cookie = await LoginAsync(tenant);

        var left = await nobody.PostAsync("/api/console/logout", null, Cancellation, ("Cookie", PairOf(cookie)), ("Origin", OriginOf(tenant)));

        SessionCalls.Require(left, 204);
        await IsUnauthorizedAsync(() => OpenWithCookieAsync(tenant, cookie, OriginOf(tenant)));
    }

    [Fact]
    public async Task A_cookie_that_is_made_up_opens_nothing()
    {
        using var tenant = await NewTenantAsync();

        await IsUnauthorizedAsync(() => OpenWithCookieAsync(tenant, $"{CookieName}={tenant.Key}", OriginOf(tenant)));
    }

    [Fact]
    public async Task A_login_needs_a_key()
    {
        using var tenant = await NewTenantAsync();
        using var nobody = tenant.ClientWith("wrong");

        var answer = await nobody.PostAsync("/api/console/login", null, Cancellation, ("Origin", OriginOf(tenant)));

        ErrorAssert.IsUnauthorized(answer);
        Assert.Null(answer.Header("Set-Cookie"));
    }

    [Fact]
    public async Task A_connection_is_closed_within_about_a_second_when_its_key_is_deleted()
    {
        using var tenant = await NewTenantAsync();
        var (keyId, key) = await tenant.CreateKeyAsync(["read", "write"], Cancellation);
        await using var socket = await SubscribeAsync(tenant, key);
        await using var other = await SubscribeAsync(tenant);
        var deleted = await tenant.Admin.DeleteAsync($"/api/admin/keys/{keyId}", Cancellation);
        Assert.True(deleted.Status is 200 or 204, deleted.ToString());

        var since = TimeProvider.System.GetTimestamp();
        var frames = await socket.ReadToCloseAsync(Cancellation);

        Assert.Equal(Unauthenticated, socket.CloseCode);
        Assert.All(frames, frame => IsRefusal(frame, "UNAUTHORIZED"));
        Assert.InRange(TimeProvider.System.GetElapsedTime(since).TotalSeconds, 0, 2.5);
        await other.AskAsync(Ping, "pong", Cancellation);
    }

    [Fact]
    public async Task What_was_opened_with_a_ticket_or_a_cookie_ends_with_its_key()
    {
        using var tenant = await NewTenantAsync();
        var (keyId, key) = await tenant.CreateKeyAsync(["read"], Cancellation);
        using var client = tenant.ClientWith(key);
        var cookie = (await client.PostAsync("/api/console/login", null, Cancellation, ("Origin", OriginOf(tenant)))).Header("Set-Cookie")!;
        var late = await TicketAsync(client);
        await using var withTicket = await OpenWithTicketAsync(tenant, await TicketAsync(client));
        await using var withCookie = await OpenWithCookieAsync(tenant, cookie, OriginOf(tenant));
        await IsOpenAsync(withTicket);
        await IsOpenAsync(withCookie);

        await tenant.Admin.DeleteAsync($"/api/admin/keys/{keyId}", Cancellation);
        await withTicket.ReadToCloseAsync(Cancellation);
        await withCookie.ReadToCloseAsync(Cancellation);

        Assert.Equal((Unauthenticated, Unauthenticated), (withTicket.CloseCode, withCookie.CloseCode));
        await IsUnauthorizedAsync(() => OpenWithTicketAsync(tenant, late));
        await IsUnauthorizedAsync(() => OpenWithCookieAsync(tenant, cookie, OriginOf(tenant)));
    }

    [Fact]
    public async Task A_connection_is_closed_when_its_key_expires()
    {
        using var tenant = await NewTenantAsync();
        var expiresAt = TimeProvider.System.GetUtcNow().AddSeconds(3);
        var (_, key) = await tenant.CreateKeyAsync(["read"], Cancellation, expiresAt);
        await using var socket = await SubscribeAsync(tenant, key);

        await socket.ReadToCloseAsync(Cancellation);

        Assert.Equal(Unauthenticated, socket.CloseCode);
        Assert.InRange(TimeProvider.System.GetUtcNow(), expiresAt.AddSeconds(-0.1), expiresAt.AddSeconds(2.5));
    }

    [Fact]
    public async Task A_request_that_is_no_websocket_has_the_envelope()
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await tenant.Client.GetAsync("/ws", Cancellation));
    }
}
