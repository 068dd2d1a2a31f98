using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Surface;

/// <summary>What stands beside the reference: health, metrics, the API's own description, CORS.</summary>
public abstract class OperationsTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : OperationsTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : OperationsTests(servers.OnPostgres);

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    public async Task Health_needs_no_key(string path)
    {
        using var nobody = (await Servers.Quick).CreateClient(null);
        Assert.Equal(200, (await nobody.GetAsync(path, Cancellation)).Status);
    }

    [Fact]
    public async Task Metrics_are_in_the_format_of_Prometheus_and_tell_of_turns()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await tenant.Client.PostAsync($"/api/sessions/{id}/messages", new { content = "hello" }, Cancellation);
        var metrics = await tenant.Admin.GetAsync("/metrics", Cancellation);
        Assert.Equal(200, metrics.Status);
        Assert.Contains("# TYPE ", metrics.Body, StringComparison.Ordinal);
        Assert.Matches("(?m)^openclaw_process_info\\{role=\"all\",silo=\"[^\"]+\",version=\"[^\"]+\"\\} 1$", metrics.Body);
        Assert.Contains("orleans_catalog_activations", metrics.Body, StringComparison.OrdinalIgnoreCase);
        Assert.Matches("(?m)^openclaw\\w*turn\\w*(\\{[^\\n]*\\})? [0-9]", metrics.Body);
        Assert.DoesNotContain(id, metrics.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(tenant.TenantId, metrics.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/sessions", "get", "post")]
    [InlineData("/api/sessions/{sessionId}", "get", "patch", "delete")]
    [InlineData("/api/sessions/{sessionId}/messages", "get", "post")]
    [InlineData("/api/sessions/{sessionId}/messages/stream", "post")]
    [InlineData("/api/sessions/{sessionId}/stream", "get")]
    [InlineData("/api/sessions/{sessionId}/cancel", "post")]
    [InlineData("/api/memory", "get", "post", "delete")]
    [InlineData("/api/memory/{key}", "get", "delete")]
    [InlineData("/api/memory/search", "get")]
    [InlineData("/api/memory/undo", "post")]
    [InlineData("/api/memory/export", "get")]
    [InlineData("/api/memory/import", "post")]
    [InlineData("/api/usage", "get")]
    [InlineData("/api/admin/tenants", "get", "post")]
    [InlineData("/api/admin/tenants/{tenantId}", "delete")]
    [InlineData("/api/admin/tenants/{tenantId}/keys", "get", "post")]
    [InlineData("/api/admin/keys/{keyId}", "delete")]
    [InlineData("/api/admin/sessions/active", "get")]
    [InlineData("/api/admin/sessions/{sessionId}/cancel", "post")]
    [InlineData("/api/admin/tenants/{tenantId}/limits", "get", "put")]
    public async Task Every_route_is_described(string path, params string[] methods)
    {
        var document = await DocumentAsync();
        Assert.True(document.GetProperty("paths").TryGetProperty(path, out var route), path);
        foreach (var method in methods)
        {
            var operation = route.GetProperty(method);
            Assert.True(
                operation.TryGetProperty("summary", out _) || operation.TryGetProperty("description", out _), $"{method} {path} says nothing.");
            var answers = operation.GetProperty("responses").EnumerateObject().Select(answer => answer.Name).ToList();
            Assert.Contains(answers, status => status.StartsWith('2'));
            Assert.Contains(answers, status => status.StartsWith('4') || status is "default");
        }
    }

    [Fact]
    public async Task The_description_has_examples()
    {
        Assert.Contains("\"example", (await DocumentAsync()).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_API_can_be_browsed()
    {
        using var nobody = (await Servers.Quick).CreateClient(null);
        var page = await nobody.GetAsync("/docs", Cancellation);
        Assert.Equal(200, page.Status);
        Assert.Equal("text/html", page.ContentType);
    }

    [Fact]
    public async Task No_other_origin_is_let_in_unless_it_is_configured()
    {
        using var tenant = await NewTenantAsync();
        var answer = await tenant.Client.GetAsync("/api/sessions", Cancellation, ("Origin", "https://elsewhere.example"));
        Assert.Equal(200, answer.Status);
        Assert.Null(answer.Header("Access-Control-Allow-Origin"));
        var preflight = await tenant.Client.SendAsync(
            HttpMethod.Options,
            "/api/sessions",
            null,
            Cancellation,
            ("Origin", "https://elsewhere.example"),
            ("Access-Control-Request-Method", "POST"));
        Assert.Null(preflight.Header("Access-Control-Allow-Origin"));
    }

    private async Task<JsonElement> DocumentAsync()
    {
        using var admin = (await Servers.Quick).CreateAdminClient();
        var response = await admin.GetAsync("/openapi/v1.json", Cancellation);
        Assert.Equal(200, response.Status);
        return response.Json;
    }
}
