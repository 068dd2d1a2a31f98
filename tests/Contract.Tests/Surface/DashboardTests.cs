using System.Text;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Surface;

/// <summary>Orleans' dashboard, which by itself lets everybody in.</summary>
public sealed class DashboardTests(DashboardTests.Fixture fixture, Servers servers) : ContractTest(servers.OnSqlite), IClassFixture<DashboardTests.Fixture>
{
    public const string Path = "/admin/dashboard";

    public sealed class Fixture : IAsyncLifetime
    {
        private ServerProcess? _server;

        public ServerProcess Server => _server!;

        public async ValueTask InitializeAsync() => _server = await ServerProcess.StartAsync(
            new ServerSettings { Environment = new Dictionary<string, string> { ["OpenClaw__Dashboard__Enabled"] = "true" } });

        public async ValueTask DisposeAsync()
        {
            if (_server is not null)
                await _server.DisposeAsync();
        }
    }

    public static TheoryData<string> Pages => [Path + "/", Path + "/index.html", Path + "/index.min.js", Path + "/DashboardCounters", Path + "/ClusterStats", Path + "/GrainTypes"];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Nobody_sees_it_without_an_operators_key(string path)
    {
        using var tenant = await TestTenant.CreateAsync(fixture.Server, Cancellation);
        using var nobody = fixture.Server.CreateClient(null);

        var asked = await nobody.GetAsync(path, Cancellation);
        ErrorAssert.IsUnauthorized(asked);
        Assert.StartsWith("Basic ", asked.Header("WWW-Authenticate"), StringComparison.Ordinal);
        ErrorAssert.IsUnauthorized(await nobody.GetAsync(path, Cancellation, Basic("wrong")));
        ErrorAssert.IsUnauthorized(await nobody.GetAsync(path, Cancellation, ("Authorization", "Basic !")));
        ErrorAssert.IsForbidden(await nobody.GetAsync(path, Cancellation, Basic(tenant.Key)));
        ErrorAssert.IsForbidden(await tenant.Client.GetAsync(path, Cancellation));
    }

    /// <summary>It would lead to the page with its slash: not even that is told.</summary>
    [Fact]
    public async Task The_path_without_its_slash_is_no_way_round()
    {
        using var nobody = fixture.Server.CreateClient(null);

        ErrorAssert.IsUnauthorized(await nobody.GetAsync(Path, Cancellation));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_browser_opens_it_with_the_key_as_password_and_keeps_it_to_itself(string path)
    {
        using var browser = fixture.Server.CreateClient(null);

        var page = await browser.GetAsync(path, Cancellation, Basic(fixture.Server.AdminKey), ("Sec-Fetch-Site", "none"));

        Assert.True(page.Status == 200, page.ToString());
        Assert.Contains("frame-ancestors 'none'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("DENY", page.Header("X-Frame-Options"));
        Assert.Contains("no-store", page.Header("Cache-Control"), StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Header("X-Content-Type-Options"));
    }

    [Theory]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    public async Task Another_site_cannot_make_the_browser_use_its_key(string site)
    {
        using var browser = fixture.Server.CreateClient(null);

        ErrorAssert.IsForbidden(await browser.GetAsync(Path + "/DashboardCounters", Cancellation, Basic(fixture.Server.AdminKey), ("Sec-Fetch-Site", site)));
    }

    [Theory]
    [InlineData("/GrainState?grainId=tenant/default/&grainType=TenantGrain")]
    [InlineData("/Trace")]
    public async Task A_grains_state_and_the_log_are_shut(string path)
    {
        using var admin = fixture.Server.CreateAdminClient();

        ErrorAssert.IsNotFound(await admin.GetAsync(Path + path, Cancellation));
    }

    [Fact]
    public async Task The_api_takes_no_password()
    {
        using var browser = fixture.Server.CreateClient(null);

        ErrorAssert.IsUnauthorized(await browser.GetAsync("/api/admin/tenants", Cancellation, Basic(fixture.Server.AdminKey)));
    }

    [Fact]
    public async Task It_is_not_there_unless_it_is_switched_on()
    {
        using var admin = (await Servers.Quick).CreateAdminClient();

        ErrorAssert.IsNotFound(await admin.GetAsync(Path, Cancellation));
        ErrorAssert.IsNotFound(await admin.GetAsync(Path + "/DashboardCounters", Cancellation));
    }

    private static (string Name, string Value) Basic(string key) =>
        ("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("operator:" + key)));
}
