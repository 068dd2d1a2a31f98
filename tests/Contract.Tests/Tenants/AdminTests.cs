using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Tenants;

public abstract class AdminTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : AdminTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : AdminTests(servers.OnPostgres);

    private static readonly string[] ReadAlone = ["read"];
    private static readonly string[] ReadAndWrite = ["read", "write"];
    private static readonly string[] WithAdmin = ["read", "write", "admin"];

    [Fact]
    public async Task A_tenant_is_created_with_the_id_it_was_given()
    {
        using var admin = (await Servers.Quick).CreateAdminClient();
        var tenantId = "acme-" + Guid.NewGuid().ToString("N")[..8];
        var response = await admin.PostAsync("/api/admin/tenants", new { name = "Acme 公司", tenantId }, Cancellation);
        Assert.Equal(201, response.Status);
        Assert.Equal(tenantId, response.Text("tenantId"));
        Assert.Equal("Acme 公司", response.Text("name"));
        Shape.IsRecentTime(response.Json.GetProperty("createdAt"));
    }

    [Fact]
    public async Task A_tenant_without_an_id_gets_one_that_fits_the_pattern()
    {
        using var admin = (await Servers.Quick).CreateAdminClient();
        var response = await admin.PostAsync("/api/admin/tenants", new { name = "Nameless" }, Cancellation);
        Assert.Equal(201, response.Status);
        Assert.Matches("^[a-z][a-z0-9-]{1,39}$", response.Text("tenantId"));
    }

    [Theory]
    [InlineData("A-b")]
    [InlineData("a")]
    [InlineData("1ab")]
    [InlineData("a_b")]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("abcdefghij-abcdefghij-abcdefghij-abcdefgh")]
    public async Task A_tenant_id_outside_the_pattern_is_refused(string tenantId)
    {
        using var admin = (await Servers.Quick).CreateAdminClient();
        ErrorAssert.IsInvalid(await admin.PostAsync("/api/admin/tenants", new { name = "x", tenantId }, Cancellation), "tenantId");
    }

    [Fact]
    public async Task A_tenant_needs_a_name()
    {
        using var admin = (await Servers.Quick).CreateAdminClient();
        ErrorAssert.IsInvalid(await admin.PostAsync("/api/admin/tenants", "{}", Cancellation), "name");
        ErrorAssert.IsInvalid(await admin.PostAsync("/api/admin/tenants", new { name = 7 }, Cancellation), "name");
        ErrorAssert.IsInvalid(await admin.PostAsync("/api/admin/tenants", new { name = "" }, Cancellation), "name");
    }

    [Fact]
    public async Task A_tenant_id_that_is_taken_is_a_conflict()
    {
        using var tenant = await NewTenantAsync();
        ErrorAssert.IsConflict(await tenant.Admin.PostAsync("/api/admin/tenants", new { name = "x", tenantId = tenant.TenantId }, Cancellation));
        ErrorAssert.IsConflict(await tenant.Admin.PostAsync("/api/admin/tenants", new { name = "x", tenantId = "default" }, Cancellation));
    }

    [Fact]
    public async Task The_list_of_tenants_has_every_one_once()
    {
        using var first = await NewTenantAsync();
        using var second = await NewTenantAsync();
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var path = "/api/admin/tenants" + (cursor is null ? "" : $"?cursor={Uri.EscapeDataString(cursor)}");
            var page = SessionCalls.Require(await first.Admin.GetAsync(path, Cancellation), 200).Json;
            seen.AddRange(page.GetProperty("tenants").EnumerateArray().Select(tenant => tenant.GetProperty("tenantId").GetString()!));
            cursor = page.GetProperty("nextCursor").GetString();
        }
        while (cursor is not null);

        Assert.Contains(first.TenantId, seen);
        Assert.Contains(second.TenantId, seen);
        Assert.Contains("default", seen);
        Assert.Equal(seen.Count, seen.Distinct().Count());
    }

    [Fact]
    public async Task A_deleted_tenants_keys_are_refused_and_its_sessions_gone()
    {
        using var tenant = await NewTenantAsync();
        await tenant.Client.CreateSessionAsync(Cancellation);
        var deleted = await tenant.Admin.DeleteAsync($"/api/admin/tenants/{tenant.TenantId}", Cancellation);
        Assert.True(deleted.Status is 200 or 202 or 204, deleted.ToString());
        ApiResponse response;
        var since = TimeProvider.System.GetTimestamp();
        do
        {
            response = await tenant.Client.GetAsync("/api/sessions", Cancellation);
        }
        while (response.Status != 401 && TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(1));

        ErrorAssert.IsUnauthorized(response);
        ErrorAssert.IsNotFound(await tenant.Admin.GetAsync($"/api/admin/tenants/{tenant.TenantId}/limits", Cancellation));
    }

    [Fact]
    public async Task A_key_is_told_once()
    {
        using var tenant = await NewTenantAsync();
        var (keyId, key) = await tenant.CreateKeyAsync(["read"], Cancellation);
        var list = await tenant.Admin.GetAsync($"/api/admin/tenants/{tenant.TenantId}/keys", Cancellation);
        Assert.Equal(200, list.Status);
        Assert.Contains(keyId, list.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(key, list.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(tenant.Key, list.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_is_asked_for_again_comes_back_without_its_secret()
    {
        using var tenant = await NewTenantAsync();
        var body = new { name = "twice", scopes = ReadAlone };
        var path = $"/api/admin/tenants/{tenant.TenantId}/keys";
        var first = await tenant.Admin.PostAsync(path, body, Cancellation, ("Idempotency-Key", "key-once"));
        var again = await tenant.Admin.PostAsync(path, body, Cancellation, ("Idempotency-Key", "key-once"));
        Assert.Equal(first.Status, again.Status);
        Assert.Equal("true", again.Header("Idempotent-Replayed"));
        Assert.Equal(first.Text("keyId"), again.Text("keyId"));
        Assert.DoesNotContain(first.Text("key")!, again.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"name":"x","scopes":["read","fly"]}""", "scopes[1]")]
    [InlineData("""{"name":"x","scopes":"read"}""", "scopes")]
    [InlineData("""{"name":"x","scopes":[3]}""", "scopes[0]")]
    [InlineData("""{"name":"x"}""", "scopes")]
    [InlineData("""{"name":"x","scopes":["read"],"expiresAt":"tomorrow"}""", "expiresAt")]
    public async Task A_malformed_key_is_refused(string body, string field)
    {
        using var tenant = await NewTenantAsync();
        ErrorAssert.IsInvalid(await tenant.Admin.PostAsync($"/api/admin/tenants/{tenant.TenantId}/keys", body, Cancellation), field);
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found()
    {
        using var admin = (await Servers.Quick).CreateAdminClient();
        ErrorAssert.IsNotFound(await admin.DeleteAsync("/api/admin/tenants/no-such-tenant", Cancellation));
        ErrorAssert.IsNotFound(await admin.GetAsync("/api/admin/tenants/no-such-tenant/keys", Cancellation));
        ErrorAssert.IsNotFound(await admin.GetAsync("/api/admin/tenants/no-such-tenant/limits", Cancellation));
        ErrorAssert.IsNotFound(await admin.DeleteAsync("/api/admin/keys/no-such-key", Cancellation));
        ErrorAssert.IsNotFound(await admin.PostAsync(
            "/api/admin/tenants/no-such-tenant/keys", new { name = "x", scopes = ReadAlone }, Cancellation));
    }

    [Fact]
    public async Task Only_an_admin_key_of_the_default_tenant_reaches_the_admin_routes()
    {
        using var tenant = await NewTenantAsync();
        ErrorAssert.IsForbidden(await tenant.Client.GetAsync("/api/admin/tenants", Cancellation));
        var created = await tenant.Admin.PostAsync(
            "/api/admin/tenants/default/keys", new { name = "reader", scopes = ReadAndWrite }, Cancellation);
        using var reader = tenant.ClientWith(created.Text("key"));
        Assert.Equal(200, (await reader.GetAsync("/api/sessions", Cancellation)).Status);
        ErrorAssert.IsForbidden(await reader.GetAsync("/api/admin/tenants", Cancellation));

        var foreign = await tenant.Admin.PostAsync(
            $"/api/admin/tenants/{tenant.TenantId}/keys", new { name = "a", scopes = WithAdmin }, Cancellation);
        if (foreign.Status == 400)
            return;
        using var foreignAdmin = tenant.ClientWith(foreign.Text("key"));
        ErrorAssert.IsForbidden(await foreignAdmin.GetAsync("/api/admin/tenants", Cancellation));
        ErrorAssert.IsForbidden(await foreignAdmin.PostAsync("/api/admin/tenants", new { name = "x" }, Cancellation));
    }

    [Fact]
    public async Task Limits_can_be_read_and_changed_and_take_effect()
    {
        using var tenant = await NewTenantAsync();
        var path = $"/api/admin/tenants/{tenant.TenantId}/limits";
        var before = (await tenant.Admin.GetAsync(path, Cancellation)).Json;
        Shape.Has(
            before, "messagesPerMinute", "skillsPerMinute", "filesPerMinute", "storageBytes", "concurrentTurns", "concurrentCommands",
            "monthlyTokens", "monthlyCost");
        Assert.Equal(100, before.GetProperty("messagesPerMinute").GetInt32());
        Assert.Equal(50, before.GetProperty("skillsPerMinute").GetInt32());
        Assert.Equal(200, before.GetProperty("filesPerMinute").GetInt32());
        Assert.Equal(JsonValueKind.Null, before.GetProperty("monthlyTokens").ValueKind);

        await tenant.LimitMessagesAsync(3, Cancellation);
        Assert.Equal(3, (await tenant.Admin.GetAsync(path, Cancellation)).Json.GetProperty("messagesPerMinute").GetInt32());
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        for (var i = 0; i < 3; i++)
            SessionCalls.Require(await tenant.Client.SendMessageAsync(id, "hello", Cancellation), 200);
        ErrorAssert.IsRateLimited(await tenant.Client.SendMessageAsync(id, "hello", Cancellation), 3);
    }

    [Theory]
    [InlineData("messagesPerMinute", "0")]
    [InlineData("messagesPerMinute", "-1")]
    [InlineData("messagesPerMinute", "\"many\"")]
    [InlineData("storageBytes", "-5")]
    [InlineData("monthlyTokens", "\"x\"")]
    public async Task A_limit_that_makes_no_sense_is_refused(string field, string value)
    {
        using var tenant = await NewTenantAsync();
        var path = $"/api/admin/tenants/{tenant.TenantId}/limits";
        var limits = (await tenant.Admin.GetAsync(path, Cancellation)).Json.EnumerateObject()
            .Select(limit => $"\"{limit.Name}\":{(limit.Name == field ? value : limit.Value.GetRawText())}");
        ErrorAssert.IsInvalid(await tenant.Admin.PutAsync(path, $"{{{string.Join(',', limits)}}}", Cancellation), field);
    }

    [Fact]
    public async Task Usage_tells_what_the_tenant_used_of_each_model_on_each_day()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        SessionCalls.Require(await tenant.Client.SendMessageAsync(id, "hello", Cancellation), 200);
        var usage = await tenant.Client.GetAsync("/api/usage", Cancellation);
        Assert.Equal(200, usage.Status);
        Assert.Contains("offline", usage.Body, StringComparison.Ordinal);
        Assert.Contains($"{TimeProvider.System.GetUtcNow():yyyy-MM-dd}", usage.Body, StringComparison.Ordinal);
    }
}
