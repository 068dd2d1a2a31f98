using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Browser;

/// <summary>Servers of their own: without a browser, closed to private networks, or killed.</summary>
public sealed class BrowserServerTests : IAsyncLifetime
{
    private TestSite _site = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _site = await TestSite.StartAsync(Cancellation);
        _site.Page("/", "<title>Start</title>");
    }

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    [Theory]
    [InlineData("OpenClaw__Browser__Engine", "off", 403, "FORBIDDEN", "switched off")]
    [InlineData("OpenClaw__Browser__Program", "/nowhere/chromium", 503, "INTERNAL_ERROR", "chromium is not installed")]
    public async Task Where_there_is_no_browser_the_error_says_so_and_everything_else_works(string name, string value, int status, string code, string reason)
    {
        await using var server = await StartAsync((name, value));
        using var client = server.CreateAdminClient();

        var error = ErrorAssert.IsError(await OpenAsync(client), status, code);

        Assert.Contains(reason, error.GetProperty("details").GetProperty("reason").GetString(), StringComparison.Ordinal);
        SessionCalls.Require(await client.PostAsync("/api/files/write", new { path = "/a.txt", content = "a" }, Cancellation), 200);
    }

    [Fact]
    public async Task Private_networks_are_closed_unless_they_are_opened()
    {
        await using var server = await StartAsync(("OpenClaw__Egress__AllowPrivateNetworks", "false"));
        using var client = server.CreateAdminClient();

        foreach (var url in new[] { _site.Url("/"), _site.Url("/").Replace("127.0.0.1", "localhost", StringComparison.Ordinal), "http://10.0.0.1/", "http://[::1]/" })
            ErrorAssert.IsInvalid(await client.PostAsync("/api/browser/open", new { url }, Cancellation), "url");
        Assert.Empty(_site.Asked);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_browser_does_not_outlive_its_server(bool killed)
    {
        await using var server = await StartAsync();
        using var client = server.CreateAdminClient();
        SessionCalls.Require(await OpenAsync(client), 200);
        var process = server.ProcessId;
        Assert.NotEmpty(Chromium.ProcessesOf(process));

        if (killed)
            server.Kill();
        else
            await server.StopAsync(Cancellation);

        await Chromium.GoneAsync(process, Cancellation);
    }

    [Fact]
    public async Task A_context_that_nobody_uses_is_closed_and_the_browser_after_it()
    {
        await using var server = await StartAsync(("OpenClaw__Browser__IdleTime", "00:00:01"));
        using var client = server.CreateAdminClient();
        SessionCalls.Require(await OpenAsync(client), 200);

        await Chromium.GoneAsync(server.ProcessId, Cancellation);

        ErrorAssert.IsNotFound(await client.GetAsync("/api/browser/snapshot", Cancellation));
        SessionCalls.Require(await OpenAsync(client), 200);
    }

    private Task<ApiResponse> OpenAsync(ApiClient client) => client.PostAsync("/api/browser/open", new { url = _site.Url("/") }, Cancellation);

    /// <summary>Open to loopback, where the pages are, unless the settings say otherwise.</summary>
    private static Task<ServerProcess> StartAsync(params (string Name, string Value)[] settings)
    {
        var environment = new Dictionary<string, string> { ["OpenClaw__Egress__AllowPrivateNetworks"] = "true" };
        foreach (var (name, value) in settings)
            environment[name] = value;
        return ServerProcess.StartAsync(new ServerSettings { Environment = environment }, Cancellation);
    }
}
