using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Browser;

/// <summary>The processes of a browser, on a server of their own: other tests' pages must not die with them.</summary>
public sealed class BrowserProcessTests(BrowserProcessTests.OwnServer own) : IClassFixture<BrowserProcessTests.OwnServer>
{
    private readonly ServerProcess _server = own.Server;
    private readonly TestSite _site = own.Site;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public Task A_browser_that_was_killed_is_started_again() => AssertToldOfAsync(() => Chromium.Kill(Chromium.BrowserOf(_server.ProcessId)));

    [Fact]
    public Task A_page_whose_process_dies_is_told_of() => AssertToldOfAsync(() =>
    {
        foreach (var process in Chromium.PagesOf(_server.ProcessId)) Chromium.Kill(process);
    });

    [Fact]
    public async Task A_browser_has_neither_the_servers_rights_nor_its_secrets()
    {
        using var tenant = await NewTenantAsync();
        SessionCalls.Require(await OpenAsync(tenant), 200);

        foreach (var process in Chromium.ProcessesOf(_server.ProcessId))
        {
            if (Environment.IsPrivilegedProcess) Assert.NotEqual("0", Chromium.UserOf(process));
            Assert.DoesNotContain(OwnServer.Secret, Chromium.EnvironmentOf(process), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Contexts_are_bounded_for_each_tenant()
    {
        using var tenant = await NewTenantAsync();
        SessionCalls.Require(await OpenAsync(tenant), 200);

        var second = await tenant.Client.PostAsync("/api/browser/open", new { url = _site.Url("/"), session = "second" }, Cancellation);
        ErrorAssert.IsError(second, 429, "RATE_LIMITED");

        SessionCalls.Require(await tenant.Client.DeleteAsync("/api/browser", Cancellation), 200);
        SessionCalls.Require(await tenant.Client.PostAsync("/api/browser/open", new { url = _site.Url("/"), session = "second" }, Cancellation), 200);
    }

    /// <summary>A call that is under way ends, the page is gone, and another can be opened.</summary>
    private async Task AssertToldOfAsync(Action kill)
    {
        using var tenant = await NewTenantAsync();
        SessionCalls.Require(await OpenAsync(tenant), 200);
        var waiting = tenant.Client.PostAsync("/api/browser/execute", new { script = "await new Promise(() => {})", timeout = 60_000 }, Cancellation);

        kill();

        var ended = await waiting;
        Assert.True(ended.Status is 404 or 409, ended.ToString());
        ErrorAssert.IsNotFound(await tenant.Client.GetAsync("/api/browser/snapshot", Cancellation));
        SessionCalls.Require(await OpenAsync(tenant), 200);
    }

    private Task<TestTenant> NewTenantAsync() => TestTenant.CreateAsync(_server, Cancellation);

    private Task<ApiResponse> OpenAsync(TestTenant tenant) => tenant.Client.PostAsync("/api/browser/open", new { url = _site.Url("/") }, Cancellation);

    /// <summary>One context a tenant.</summary>
    public sealed class OwnServer : IAsyncLifetime
    {
        public const string Secret = "bootstrap-secret-1234567890";

        public ServerProcess Server { get; private set; } = null!;

        public TestSite Site { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Site = await TestSite.StartAsync(CancellationToken.None);
            Site.Page("/", "<title>Start</title>");
            Server = await ServerProcess.StartAsync(new ServerSettings
            {
                BootstrapApiKey = Secret,
                Environment = new Dictionary<string, string>
                {
                    ["OpenClaw__Egress__AllowPrivateNetworks"] = "true",
                    ["OpenClaw__Browser__MaxContextsPerTenant"] = "1",
                },
            });
        }

        public async ValueTask DisposeAsync()
        {
            await Server.DisposeAsync();
            await Site.DisposeAsync();
        }
    }
}
