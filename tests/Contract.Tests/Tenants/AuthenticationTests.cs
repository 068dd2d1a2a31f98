using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Tenants;

public abstract class AuthenticationTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : AuthenticationTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : AuthenticationTests(servers.OnPostgres);

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_key_is_taken_from_either_header()
    {
        using var tenant = await NewTenantAsync();
        using var nobody = tenant.ClientWith(null);
        Assert.Equal(200, (await tenant.Client.GetAsync("/api/sessions", Cancellation)).Status);
        Assert.Equal(200, (await nobody.GetAsync("/api/sessions", Cancellation, ("X-API-Key", tenant.Key))).Status);
    }

    [Theory]
    [InlineData("Authorization", "Bearer wrong")]
    [InlineData("Authorization", "Bearer ")]
    [InlineData("Authorization", "Basic dXNlcjpwYXNz")]
    [InlineData("X-API-Key", "wrong")]
    [InlineData("X-Other", "irrelevant")]
    public async Task No_key_or_a_wrong_one_is_unauthorized_on_every_route(string header, string value)
    {
        using var nobody = (await Servers.Quick).CreateClient(null);
        foreach (var (method, path) in Routes)
        {
            using var content = method is "GET" or "DELETE" ? null : new StringContent("{}", null, "application/json");
            ErrorAssert.IsUnauthorized(await nobody.SendAsync(new HttpMethod(method), path, content, Cancellation, (header, value)));
        }
    }

    [Theory]
    [InlineData("apiKey")]
    [InlineData("api_key")]
    [InlineData("key")]
    [InlineData("access_token")]
    [InlineData("token")]
    public async Task A_key_in_the_address_is_not_taken(string name)
    {
        using var tenant = await NewTenantAsync();
        using var nobody = tenant.ClientWith(null);
        ErrorAssert.IsUnauthorized(await nobody.GetAsync($"/api/sessions?{name}={tenant.Key}", Cancellation));
    }

    [Fact]
    public async Task A_key_with_read_alone_reads_and_changes_nothing()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        var (_, key) = await tenant.CreateKeyAsync(["read"], Cancellation);
        using var reader = tenant.ClientWith(key);
        Assert.Equal(200, (await reader.GetAsync("/api/sessions", Cancellation)).Status);
        Assert.Equal(200, (await reader.GetSessionAsync(id, Cancellation)).Status);
        Assert.Equal(200, (await reader.GetAsync($"/api/sessions/{id}/messages", Cancellation)).Status);
        Assert.Equal(200, (await reader.GetAsync("/api/usage", Cancellation)).Status);
        ErrorAssert.IsForbidden(await reader.PostAsync("/api/sessions", "{}", Cancellation));
        ErrorAssert.IsForbidden(await reader.SendMessageAsync(id, "hello", Cancellation));
        ErrorAssert.IsForbidden(await reader.PostAsync($"/api/sessions/{id}/messages/stream", new { content = "hello" }, Cancellation));
        ErrorAssert.IsForbidden(await reader.PostAsync($"/api/sessions/{id}/cancel", "{}", Cancellation));
        ErrorAssert.IsForbidden(await reader.PatchAsync($"/api/sessions/{id}", new { title = "x" }, Cancellation));
        ErrorAssert.IsForbidden(await reader.DeleteAsync($"/api/sessions/{id}", Cancellation));
    }

    [Fact]
    public async Task A_key_with_write_alone_writes_and_reads_nothing()
    {
        using var tenant = await NewTenantAsync();
        var (_, key) = await tenant.CreateKeyAsync(["write"], Cancellation);
        using var writer = tenant.ClientWith(key);
        var id = await writer.CreateSessionAsync(Cancellation);
        Assert.Equal(200, (await writer.SendMessageAsync(id, "hello", Cancellation)).Status);
        ErrorAssert.IsForbidden(await writer.GetAsync("/api/sessions", Cancellation));
        ErrorAssert.IsForbidden(await writer.GetSessionAsync(id, Cancellation));
        ErrorAssert.IsForbidden(await writer.GetAsync($"/api/sessions/{id}/messages", Cancellation));
        ErrorAssert.IsForbidden(await writer.GetAsync($"/api/sessions/{id}/stream", Cancellation));
    }

    [Fact]
    public async Task Another_tenants_session_does_not_exist()
    {
        using var owner = await NewTenantAsync();
        using var other = await NewTenantAsync();
        var id = await owner.Client.CreateSessionAsync(Cancellation);
        ErrorAssert.IsNotFound(await other.Client.GetSessionAsync(id, Cancellation));
        ErrorAssert.IsNotFound(await other.Client.GetAsync($"/api/sessions/{id}/messages", Cancellation));
        ErrorAssert.IsNotFound(await other.Client.GetAsync($"/api/sessions/{id}/stream", Cancellation));
        ErrorAssert.IsNotFound(await other.Client.SendMessageAsync(id, "hello", Cancellation));
        ErrorAssert.IsNotFound(await other.Client.PostAsync($"/api/sessions/{id}/messages/stream", new { content = "x" }, Cancellation));
        ErrorAssert.IsNotFound(await other.Client.PostAsync($"/api/sessions/{id}/cancel", "{}", Cancellation));
        ErrorAssert.IsNotFound(await other.Client.PatchAsync($"/api/sessions/{id}", new { title = "x" }, Cancellation));
        ErrorAssert.IsNotFound(await other.Client.DeleteAsync($"/api/sessions/{id}", Cancellation));
        Assert.Equal(200, (await owner.Client.GetSessionAsync(id, Cancellation)).Status);
        Assert.Empty((await other.Client.GetAsync("/api/sessions", Cancellation)).Json.GetProperty("sessions").EnumerateArray());
    }

    [Fact]
    public async Task A_deleted_key_is_refused_within_a_second()
    {
        using var tenant = await NewTenantAsync();
        var (keyId, key) = await tenant.CreateKeyAsync(["read", "write"], Cancellation);
        using var client = tenant.ClientWith(key);
        Assert.Equal(200, (await client.GetAsync("/api/sessions", Cancellation)).Status);
        var deleted = await tenant.Admin.DeleteAsync($"/api/admin/keys/{keyId}", Cancellation);
        Assert.True(deleted.Status is 200 or 204, deleted.ToString());

        var since = TimeProvider.System.GetTimestamp();
        var (last, _) = await AskWhileAllowedAsync(client, Second);
        Assert.True(TimeProvider.System.GetElapsedTime(since) <= Second * 1.5, "The key worked for longer than a second.");
        ErrorAssert.IsUnauthorized(last);
    }

    [Fact]
    public async Task A_key_works_until_it_expires()
    {
        using var tenant = await NewTenantAsync();
        var expiresAt = TimeProvider.System.GetUtcNow().AddSeconds(3);
        var (_, key) = await tenant.CreateKeyAsync(["read"], Cancellation, expiresAt);
        using var client = tenant.ClientWith(key);
        var (last, allowed) = await AskWhileAllowedAsync(client, TimeSpan.FromSeconds(6));
        Assert.True(allowed > 0, "The key never worked.");
        ErrorAssert.IsUnauthorized(last);
        Assert.InRange(TimeProvider.System.GetUtcNow(), expiresAt.AddSeconds(-0.1), expiresAt.AddSeconds(1.5));
    }

    private static readonly (string Method, string Path)[] Routes =
    [
        ("GET", "/api/sessions"), ("POST", "/api/sessions"), ("GET", "/api/sessions/sess-x"), ("PATCH", "/api/sessions/sess-x"),
        ("DELETE", "/api/sessions/sess-x"), ("GET", "/api/sessions/sess-x/messages"), ("POST", "/api/sessions/sess-x/messages"),
        ("POST", "/api/sessions/sess-x/messages/stream"), ("GET", "/api/sessions/sess-x/stream"), ("POST", "/api/sessions/sess-x/cancel"),
        ("GET", "/api/usage"), ("GET", "/api/admin/tenants"), ("POST", "/api/admin/tenants"), ("DELETE", "/api/admin/tenants/abc"),
        ("GET", "/api/admin/tenants/abc/keys"), ("POST", "/api/admin/tenants/abc/keys"), ("DELETE", "/api/admin/keys/abc"),
        ("GET", "/api/admin/tenants/abc/limits"), ("PUT", "/api/admin/tenants/abc/limits"),
    ];

    private static async Task<(ApiResponse Last, int Allowed)> AskWhileAllowedAsync(ApiClient client, TimeSpan atMost)
    {
        var since = TimeProvider.System.GetTimestamp();
        for (var allowed = 0; ; allowed++)
        {
            var response = await client.GetAsync("/api/sessions", Cancellation);
            if (response.Status != 200 || TimeProvider.System.GetElapsedTime(since) > atMost)
                return (response, allowed);
        }
    }
}
