using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenClaw.Storage;
using OpenClaw.WebFrontend.Health;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests;

public sealed class OperationsTests
{
    [Fact]
    public async Task The_process_is_healthy_whatever_the_database_does()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Directory.Failure = new StorageUnavailableException("locked", new IOException());

        var answer = await host.SendAsAsync(null, HttpMethod.Get, "/healthz");

        Assert.Equal((200, """{"status":"ok"}"""), (answer.Status, answer.Text));
    }

    [Fact]
    public async Task Readiness_tells_a_start_a_lost_database_and_a_lost_silo_apart_and_comes_back()
    {
        await using var host = await FrontendHost.StartAsync();
        var noSilo = new SiloUnavailableException();

        var starting = await ReadyAsync(host, silo: noSilo, database: noSilo);
        var ready = await ReadyAsync(host, null, null);
        var noDatabase = await ReadyAsync(host, silo: null, database: new StorageUnavailableException("locked", new IOException()));
        var slowDatabase = await ReadyAsync(host, silo: null, database: new TimeoutException());
        var lost = await ReadyAsync(host, silo: noSilo, database: noSilo);
        var back = await ReadyAsync(host, null, null);

        Assert.Equal((200, """{"status":"ready","checks":{"silo":"ok","database":"ok"}}"""), (ready.Status, ready.Text));
        Assert.Equal((503, "starting", "starting", "unknown"), Checks(starting));
        Assert.Equal((503, "unavailable", "ok", "lost"), Checks(noDatabase));
        Assert.Equal((503, "unavailable", "ok", "lost"), Checks(slowDatabase));
        Assert.Equal((503, "unavailable", "lost", "unknown"), Checks(lost));
        Assert.Equal(200, back.Status);
        Assert.Equal(("1", "INTERNAL_ERROR"), (noDatabase["Retry-After"], (string?)noDatabase.Error["code"]));
        Assert.Equal("not ready: the database is lost", (string?)noDatabase.Error["details"]!["reason"]);
    }

    [Fact]
    public async Task A_database_that_fails_by_name_is_lost_even_where_no_silo_was_reached_yet()
    {
        await using var host = await FrontendHost.StartAsync();

        var answer = await ReadyAsync(host, new TimeoutException(), new StorageUnavailableException("locked", new IOException()));

        Assert.Equal((503, "unavailable", "ok", "lost"), Checks(answer));
    }

    [Fact]
    public async Task A_process_that_stops_says_so()
    {
        await using var host = await FrontendHost.StartAsync();
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        var readiness = host.Services.GetRequiredService<Readiness>();

        lifetime.StopApplication();

        Assert.Equal(ReadinessReport.Stopping, await readiness.CheckAsync());
    }

    [Fact]
    public async Task A_stopping_front_end_refuses_readiness_at_once_and_serves_on_for_its_delay()
    {
        await using var host = await FrontendHost.StartAsync(("OpenClaw:Http:StopDelay", "00:00:05"));
        var stopping = host.StopAsync();

        var ready = await host.SendAsAsync(null, HttpMethod.Get, "/readyz");
        var served = await host.SendAsync(HttpMethod.Get, $"/api/sessions/{FrontendHost.SessionId}");
        host.Time.Advance(TimeSpan.FromSeconds(5));
        await stopping;

        Assert.Equal((503, "not ready: stopping"), (ready.Status, (string?)ready.Error["details"]!["reason"]));
        Assert.Equal(200, served.Status);
        await Assert.ThrowsAsync<HttpRequestException>(() => host.SendAsAsync(null, HttpMethod.Get, "/healthz"));
    }

    [Fact]
    public async Task Metrics_are_in_prometheus_text_format()
    {
        await using var host = await FrontendHost.StartAsync();
        await host.SendAsAsync(null, HttpMethod.Get, "/healthz");

        var answer = await host.SendAsAsync(null, HttpMethod.Get, "/metrics");

        Assert.Equal(200, answer.Status);
        Assert.StartsWith("text/plain", answer["Content-Type"]);
        Assert.Contains("process_cpu_seconds_total", answer.Text);
        Assert.Contains("http_server_request_duration", answer.Text);
        Assert.Contains("openclaw_process_info{role=\"all\",silo=\"\",version=\"0.1.0\"} 1", answer.Text);
    }

    [Fact]
    public async Task The_document_is_served_to_everyone()
    {
        await using var host = await FrontendHost.StartAsync();

        var answer = await host.SendAsAsync(null, HttpMethod.Get, "/openapi/v1.json");

        Assert.Equal((200, "3.1.1"), (answer.Status, (string?)answer.Json["openapi"]));
        Assert.Contains("帮我写一段代码", answer.Text);
    }

    [Fact]
    public async Task The_api_browser_comes_whole_from_this_server()
    {
        await using var host = await FrontendHost.StartAsync();

        var page = await host.SendAsAsync(null, HttpMethod.Get, "/docs/");
        var script = await host.SendAsAsync(null, HttpMethod.Get, "/docs/scalar.js");

        Assert.Equal(200, page.Status);
        Assert.Equal(page.Text, (await host.SendAsAsync(null, HttpMethod.Get, "/docs")).Text);
        Assert.DoesNotContain("http://", page.Text);
        Assert.DoesNotContain("https://", page.Text);
        Assert.StartsWith("default-src 'self'", page["Content-Security-Policy"]);
        Assert.Equal("DENY", page["X-Frame-Options"]);
        Assert.Equal(200, script.Status);
        Assert.True(script.Text.Length > 100_000);
    }

    [Fact]
    public async Task The_root_names_the_product_and_leads_to_the_docs()
    {
        await using var host = await FrontendHost.StartAsync();

        var page = await host.SendAsAsync(null, HttpMethod.Get, "/");

        Assert.Contains("<title>OpenClaw</title>", page.Text);
        Assert.Contains("href=\"/docs\"", page.Text);
        Assert.NotNull(page["Content-Security-Policy"]);
        Assert.Null(page["Server"]);
    }

    [Fact]
    public async Task Another_origin_may_call_only_when_it_is_configured()
    {
        await using var closed = await FrontendHost.StartAsync();
        await using var open = await FrontendHost.StartAsync(("OpenClaw:Cors:Origins:0", "https://app.example.com"));
        var origin = ("Origin", "https://app.example.com");
        const string Session = $"/api/sessions/{FrontendHost.SessionId}";

        var refused = await closed.SendAsync(HttpMethod.Get, Session, null, origin);
        var allowed = await open.SendAsync(HttpMethod.Get, Session, null, origin);
        var failed = await open.SendAsync(HttpMethod.Get, "/api/sessions/sess-nobody", null, origin);
        var stranger = await open.SendAsync(HttpMethod.Get, Session, null, ("Origin", "https://evil.example.com"));
        var preflight = await open.SendAsync(HttpMethod.Options, Session, null, origin, ("Access-Control-Request-Method", "PATCH"), ("Access-Control-Request-Headers", "authorization,content-type"));

        Assert.Null(refused["Access-Control-Allow-Origin"]);
        Assert.Equal(origin.Item2, allowed["Access-Control-Allow-Origin"]);
        Assert.Equal((404, origin.Item2), (failed.Status, failed["Access-Control-Allow-Origin"]));
        Assert.Null(stranger["Access-Control-Allow-Origin"]);
        Assert.Equal((204, origin.Item2), (preflight.Status, preflight["Access-Control-Allow-Origin"]));
        Assert.Null(allowed["Access-Control-Allow-Credentials"]);
        Assert.Contains("X-Request-Id", allowed["Access-Control-Expose-Headers"]);
    }

    [Theory]
    [InlineData("OpenClaw:Cors:Origins:0", "app.example.com")]
    [InlineData("OpenClaw:Cors:Origins:0", "https://app.example.com/path")]
    [InlineData("OpenClaw:Http:KeyRevalidation", "00:00:05")]
    [InlineData("OpenClaw:Http:PingInterval", "00:00:00")]
    public async Task A_wrong_setting_stops_the_start_and_is_named(string setting, string value)
    {
        var failure = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => FrontendHost.StartAsync((setting, value)));

        Assert.Contains(setting.Replace(":0", ""), failure.Message);
    }

    private static async Task<Answer> ReadyAsync(FrontendHost host, Exception? silo, Exception? database)
    {
        host.Time.Advance(TimeSpan.FromSeconds(1));
        (host.Directory.SiloFailure, host.Directory.Failure) = (silo, database);
        return await host.SendAsAsync(null, HttpMethod.Get, "/readyz");
    }

    private static (int Status, string? State, string? Silo, string? Database) Checks(Answer answer) => (
        answer.Status,
        (string?)answer.Json["status"],
        (string?)answer.Json["checks"]!["silo"],
        (string?)answer.Json["checks"]!["database"]);
}
