using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Tenants;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests;

public sealed class AdminApiTests
{
    private const string Tenants = "/api/admin/tenants";

    [Fact]
    public async Task Only_an_admin_key_of_the_default_tenant_reaches_the_admin_routes()
    {
        await using var host = await FrontendHost.StartAsync();
        host.AddKey("no-admin", "default", Scopes.Read | Scopes.Write | Scopes.Execute);
        host.AddKey("elsewhere", "acme", Scopes.All);

        Assert.Equal(403, (await host.SendAsAsync("no-admin", HttpMethod.Get, Tenants)).Status);
        Assert.Equal(403, (await host.SendAsAsync("elsewhere", HttpMethod.Get, Tenants)).Status);
        Assert.Equal(401, (await host.SendAsAsync(null, HttpMethod.Get, Tenants)).Status);
        Assert.Equal((200, """{"tenants":[],"nextCursor":null}"""), ((await host.SendAsync(HttpMethod.Get, Tenants)).Status, (await host.SendAsync(HttpMethod.Get, Tenants)).Text));
    }

    [Fact]
    public async Task A_tenant_is_created_once_and_deleted_once()
    {
        await using var host = await FrontendHost.StartAsync();

        var created = await host.SendAsync(HttpMethod.Post, Tenants, """{"name":"Acme","tenantId":"acme"}""");
        var again = await host.SendAsync(HttpMethod.Post, Tenants, """{"name":"Acme","tenantId":"acme"}""");
        var deleted = await host.SendAsync(HttpMethod.Delete, Tenants + "/acme");
        var gone = await host.SendAsync(HttpMethod.Delete, Tenants + "/acme");

        Assert.Equal((201, """{"tenantId":"acme","name":"Acme","createdAt":"2026-03-01T00:00:00.000Z"}"""), (created.Status, created.Text));
        Assert.Equal((409, "tenantId"), (again.Status, (string?)again.Error["details"]!["field"]));
        Assert.Equal((200, """{"tenantId":"acme","status":"deleted"}"""), (deleted.Status, deleted.Text));
        Assert.Equal(404, gone.Status);
    }

    [Theory]
    [InlineData("en", "still being removed")]
    [InlineData("zh", "仍在清除中")]
    public async Task An_id_whose_tenant_is_being_removed_is_refused_with_that_reason(string language, string reason)
    {
        await using var host = await FrontendHost.StartAsync();
        host.Tenants["acme/"] = new FakeTenantGrain { BeingRemoved = true };

        var refused = await host.SendAsync(HttpMethod.Post, Tenants, """{"name":"Acme","tenantId":"acme"}""", ("Accept-Language", language));

        Assert.Equal((409, "tenantId"), (refused.Status, (string?)refused.Error["details"]!["field"]));
        Assert.Contains(reason, (string?)refused.Error["details"]!["reason"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tenant_without_an_id_gets_one()
    {
        await using var host = await FrontendHost.StartAsync();

        var created = await host.SendAsync(HttpMethod.Post, Tenants, """{"name":"Acme"}""");

        Assert.True(TenantId.TryParse((string?)created.Json["tenantId"], out _));
    }

    [Theory]
    [InlineData("""{"tenantId":"acme"}""", "name")]
    [InlineData("""{"name":"x","tenantId":"A"}""", "tenantId")]
    [InlineData("""{"name":"x","tenantId":7}""", "tenantId")]
    public async Task A_wrong_tenant_is_refused_on_its_field(string body, string field)
    {
        await using var host = await FrontendHost.StartAsync();

        var answer = await host.SendAsync(HttpMethod.Post, Tenants, body);

        Assert.Equal((400, field), (answer.Status, (string?)answer.Error["details"]!["field"]));
    }

    [Fact]
    public async Task The_default_tenant_cannot_be_deleted()
    {
        await using var host = await FrontendHost.StartAsync();

        Assert.Equal(409, (await host.SendAsync(HttpMethod.Delete, Tenants + "/default")).Status);
    }

    [Fact]
    public async Task A_created_key_works_until_it_is_deleted()
    {
        await using var host = await FrontendHost.StartAsync();
        await host.SendAsync(HttpMethod.Post, Tenants, """{"name":"Acme","tenantId":"acme"}""");
        var created = await host.SendAsync(HttpMethod.Post, Tenants + "/acme/keys", """{"name":"backend","scopes":["read","write"],"expiresAt":"2027-03-01T08:00:00+08:00"}""");
        var secret = (string)created.Json["key"]!;
        var keyId = (string)created.Json["keyId"]!;
        host.Directory.KeyHashes[keyId] = KeyDigest.Of(secret).ToHex();

        Assert.Equal(201, created.Status);
        Assert.Equal($$"""{"keyId":"{{keyId}}","key":"{{secret}}","name":"backend","scopes":["read","write"],"createdAt":"2026-03-01T00:00:00.000Z","expiresAt":"2027-03-01T00:00:00.000Z"}""", created.Text);
        Assert.Equal(200, (await host.SendAsAsync(secret, HttpMethod.Get, "/api/sessions")).Status);
        var deleted = await host.SendAsync(HttpMethod.Delete, "/api/admin/keys/" + keyId);
        Assert.Equal((200, $$"""{"keyId":"{{keyId}}","status":"deleted"}"""), (deleted.Status, deleted.Text));
        host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(401, (await host.SendAsAsync(secret, HttpMethod.Get, "/api/sessions")).Status);
        Assert.Equal(404, (await host.SendAsync(HttpMethod.Delete, "/api/admin/keys/key-nobody")).Status);
    }

    [Theory]
    [InlineData("""{"name":"k"}""", "scopes")]
    [InlineData("""{"name":"k","scopes":[]}""", "scopes")]
    [InlineData("""{"name":"k","scopes":"read"}""", "scopes")]
    [InlineData("""{"name":"k","scopes":["read","root"]}""", "scopes[1]")]
    [InlineData("""{"name":"k","scopes":[1]}""", "scopes[0]")]
    [InlineData("""{"name":"k","scopes":["read"],"expiresAt":"tomorrow"}""", "expiresAt")]
    [InlineData("""{"name":"k","scopes":["read"],"expiresAt":"2027-03-01T00:00:00"}""", "expiresAt")]
    [InlineData("""{"name":"k","scopes":["read"],"expiresAt":"2026-03-01T00:00:00Z"}""", "expiresAt")]
    public async Task A_wrong_key_is_refused_on_its_field(string body, string field)
    {
        await using var host = await FrontendHost.StartAsync();
        await host.SendAsync(HttpMethod.Post, Tenants, """{"name":"Acme","tenantId":"acme"}""");

        var answer = await host.SendAsync(HttpMethod.Post, Tenants + "/acme/keys", body);

        Assert.Equal((400, field), (answer.Status, (string?)answer.Error["details"]!["field"]));
    }

    [Fact]
    public async Task Keys_and_limits_of_an_unknown_tenant_are_not_found()
    {
        await using var host = await FrontendHost.StartAsync();

        Assert.Equal(404, (await host.SendAsync(HttpMethod.Post, Tenants + "/nobody/keys", """{"name":"k","scopes":["read"]}""")).Status);
        Assert.Equal(404, (await host.SendAsync(HttpMethod.Get, Tenants + "/nobody/keys")).Status);
        Assert.Equal(404, (await host.SendAsync(HttpMethod.Get, Tenants + "/nobody/limits")).Status);
        Assert.Equal(404, (await host.SendAsync(HttpMethod.Put, Tenants + "/NOBODY/limits", "{}")).Status);
    }

    [Fact]
    public async Task Limits_change_where_they_are_named()
    {
        await using var host = await FrontendHost.StartAsync();
        await host.SendAsync(HttpMethod.Post, Tenants, """{"name":"Acme","tenantId":"acme"}""");

        var answer = await host.SendAsync(HttpMethod.Put, Tenants + "/acme/limits", """{"messagesPerMinute":1000,"monthlyTokens":null,"monthlyCost":12.5}""");

        Assert.Equal("""{"messagesPerMinute":1000,"skillsPerMinute":50,"filesPerMinute":200,"storageBytes":1024,"concurrentTurns":10,"concurrentCommands":5,"monthlyTokens":null,"monthlyCost":12.5}""", answer.Text);
        Assert.Equal(answer.Text, (await host.SendAsync(HttpMethod.Get, Tenants + "/acme/limits")).Text);
    }

    [Theory]
    [InlineData("""{"messagesPerMinute":0}""", "messagesPerMinute", "must be an integer from 1 to 10000000")]
    [InlineData("""{"messagesPerMinute":1.5}""", "messagesPerMinute", "must be an integer from 1 to 10000000")]
    [InlineData("""{"messagesPerMinute":"9"}""", "messagesPerMinute", "must be a number, not a string")]
    [InlineData("""{"storageBytes":-1}""", "storageBytes", "must be an integer from 0 to 9007199254740991")]
    [InlineData("""{"monthlyCost":-0.5}""", "monthlyCost", "must be a number from 0 to 1000000000000")]
    public async Task A_limit_out_of_range_is_refused_with_its_range(string body, string field, string reason)
    {
        await using var host = await FrontendHost.StartAsync();
        await host.SendAsync(HttpMethod.Post, Tenants, """{"name":"Acme","tenantId":"acme"}""");

        var answer = await host.SendAsync(HttpMethod.Put, Tenants + "/acme/limits", body);

        Assert.Equal((400, field, reason), (answer.Status, (string?)answer.Error["details"]!["field"], (string?)answer.Error["details"]!["reason"]));
    }

    [Fact]
    public async Task Usage_is_the_last_thirty_days_unless_asked_otherwise()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Directory.Usage = [new UsageInfo(new DateOnly(2026, 3, 1), "offline", 2, 30, 12, 20, 9, 0.5m), new UsageInfo(new DateOnly(2026, 3, 1), "unpriced", 1, 1, 1)];

        var answer = await host.SendAsync(HttpMethod.Get, "/api/usage");
        await host.SendAsync(HttpMethod.Get, "/api/usage?from=2025-01-01&to=2025-02-01");

        Assert.Equal("""{"from":"2026-01-31","to":"2026-03-01","usage":[{"day":"2026-03-01","model":"offline","turns":2,"inputTokens":30,"outputTokens":12,"totalTokens":42,"estimatedInputTokens":20,"estimatedOutputTokens":9,"cost":0.5},{"day":"2026-03-01","model":"unpriced","turns":1,"inputTokens":1,"outputTokens":1,"totalTokens":2,"estimatedInputTokens":0,"estimatedOutputTokens":0,"cost":null}]}""", answer.Text);
        Assert.Equal((new DateOnly(2025, 1, 1), new DateOnly(2025, 2, 1)), host.Directory.UsageAsked);
    }

    [Theory]
    [InlineData("from=x", "from")]
    [InlineData("from=2026-02-30", "from")]
    [InlineData("to=0001-01-01&from=2026-01-01", "to")]
    [InlineData("from=2020-01-01&to=2026-01-01", "to")]
    public async Task A_wrong_span_of_days_is_refused(string query, string field)
    {
        await using var host = await FrontendHost.StartAsync();

        var answer = await host.SendAsync(HttpMethod.Get, "/api/usage?" + query);

        Assert.Equal((400, field), (answer.Status, (string?)answer.Error["details"]!["field"]));
    }
}
