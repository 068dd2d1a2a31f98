using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Egress;
using OpenClaw.Grains.Tests.Egress;
using OpenClaw.Grains.Tests.Hosting;
using OpenClaw.Testing.Http;

namespace OpenClaw.Grains.Tests.Browser;

/// <summary>
/// A page in Chromium that tries to reach what it must not: a listener on loopback, over TCP and UDP, that must hear nothing.
/// </summary>
public sealed class BrowserEgressTests(BrowserEgressTests.Surroundings own) : IClassFixture<BrowserEgressTests.Surroundings>, IAsyncDisposable
{
    private const string Host = "site.example";

    private static readonly string[] PrivateHosts = ["127.0.0.1", "localhost", "inside.example", "2130706433", "[::ffff:127.0.0.1]", "[::1]", "0.0.0.0", "127.1"];

    private static readonly string[] Parts =
    [
        "img src", "script src", "iframe src", "link rel=stylesheet href", "link rel=preload as=fetch href", "link rel=prefetch href", "link rel=preconnect href",
        "object data", "embed src", "video src",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private int SecretPort => own.SecretPort;

    private IBrowserGrain Browser => own.Silo.Grains.GetBrowser(new BrowserKey(TenantId.Default, BrowserKey.DefaultSession));

    public async ValueTask DisposeAsync() => await Browser.Close(CancellationToken.None);

    [Fact]
    public async Task A_public_page_is_opened()
    {
        var page = await OpenAsync("/");

        Assert.Equal(("http://site.example/", "Start", 200), (page.Url, page.Title, page.Status));
    }

    [Theory]
    [InlineData("http://127.0.0.1:{0}/")]
    [InlineData("http://localhost:{0}/")]
    [InlineData("http://inside.example:{0}/")]
    [InlineData("http://2130706433:{0}/")]
    [InlineData("http://0x7f.1:{0}/")]
    [InlineData("http://[::ffff:127.0.0.1]:{0}/")]
    [InlineData("http://169.254.169.254/latest/meta-data/")]
    public async Task A_redirect_into_a_private_network_is_refused(string target)
    {
        own.Site.Redirect("/redirect", string.Format(null, target, SecretPort));

        var page = await Browser.Open(new OpenPage { Url = $"http://{Host}/redirect" }, Cancellation);

        Assert.Equal((400, "url", EgressReasons.Refused), (page.Problem?.Status, page.Problem?.Field, page.Problem?.Reason));
        AssertUnheard();
    }

    [Fact]
    public async Task No_part_of_a_page_reaches_a_private_network()
    {
        var parts = PrivateHosts.SelectMany(host => Parts.Select(part => $"<{part}='http://{host}:{SecretPort}/'></{part.Split(' ')[0]}>"));
        own.Site.Page("/parts", $"<title>Parts</title>{string.Concat(parts)}<form id=f method=post action='http://127.0.0.1:{SecretPort}/form' target=_blank><input name=a></form>");
        await OpenAsync("/parts");

        var tried = await Browser.Execute(
            new RunScript
            {
                Script = $$"""
                    const hosts = {{JsonSerializer.Serialize(PrivateHosts)}}, port = {{SecretPort}};
                    document.getElementById('f').submit();
                    const tries = hosts.flatMap(host => [
                      fetch(`http://${host}:${port}/fetch`, { mode: 'no-cors' }),
                      fetch(`http://${host}:${port}/post`, { method: 'POST', body: 'x', mode: 'no-cors', keepalive: true }),
                      new Promise((opened, failed) => { const socket = new WebSocket(`ws://${host}:${port}/socket`); socket.onopen = opened; socket.onerror = failed; }),
                      new Promise((opened, failed) => { const events = new EventSource(`http://${host}:${port}/events`); events.onopen = opened; events.onerror = () => { events.close(); failed(); }; }),
                    ]);
                    hosts.forEach(host => navigator.sendBeacon(`http://${host}:${port}/beacon`, 'x'));
                    const worker = new Worker(URL.createObjectURL(new Blob([`fetch('http://127.0.0.1:${port}/worker').then(() => postMessage('reached'), () => postMessage('failed'))`])));
                    tries.push(new Promise((reached, failed) => worker.onmessage = event => event.data === 'reached' ? reached() : failed()));
                    return (await Promise.allSettled(tries)).map(result => result.status)
                    """,
            },
            Cancellation);

        Assert.Null(tried.Problem);
        Assert.All(JsonSerializer.Deserialize<string[]>(tried.Value.ToString())!, status => Assert.Equal("rejected", status));
        AssertUnheard();
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_the_second_time_leads_nowhere()
    {
        // The check before it is opened takes the first answer, the connection the second.
        own.Network.Name("rebinding.example", FakeNetwork.PublicAddress, FakeNetwork.PublicAddress, "127.0.0.1");
        own.Site.Map("/closing", async context =>
        {
            context.Response.Headers.Connection = "close";
            await Microsoft.AspNetCore.Http.HttpResponseWritingExtensions.WriteAsync(context.Response, "<title>First</title>");
        });
        var page = await Browser.Open(new OpenPage { Url = "http://rebinding.example/closing" }, Cancellation);
        Assert.Equal((null, 200), (page.Problem, page.Status));

        var tried = await Browser.Execute(new RunScript { Script = "fetch('/again').then(() => 'reached', () => 'failed')" }, Cancellation);

        Assert.Equal("\"failed\"", tried.Value.ToString());
        Assert.DoesNotContain(own.Site.Asked, asked => asked.EndsWith("/again", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Nothing_goes_around_the_proxy_by_UDP()
    {
        var port = own.SecretUdpPort;
        await OpenAsync("/");

        var tried = await Browser.Execute(
            new RunScript
            {
                Script = $$"""
                    const servers = [{ urls: 'stun:127.0.0.1:{{port}}' }, { urls: 'turn:127.0.0.1:{{port}}?transport=udp', username: 'u', credential: 'c' }];
                    const connection = new RTCPeerConnection({ iceServers: servers });
                    connection.createDataChannel('x');
                    const candidates = [];
                    const gathered = new Promise(done => connection.onicecandidate = event => event.candidate ? candidates.push(event.candidate.candidate) : done());
                    await connection.setLocalDescription(await connection.createOffer());
                    await gathered;
                    if (typeof WebTransport !== 'undefined') await new WebTransport('https://127.0.0.1:{{port}}/').ready.catch(() => {});
                    return candidates
                    """,
            },
            Cancellation);

        Assert.Equal("[]", tried.Value.ToString());
        AssertUnheard();
    }

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("chrome://version")]
    [InlineData("view-source:file:///etc/passwd")]
    [InlineData("filesystem:file:///etc/passwd")]
    public async Task A_page_leads_to_nothing_but_the_web(string target)
    {
        own.Site.Page("/local", $"<title>Local</title><a href='{target}'>link</a><iframe src='{target}'></iframe><img src='{target}'>");
        await OpenAsync("/local");

        var tried = await Browser.Execute(
            new RunScript { Script = $"window.open('{target}'); location.href = '{target}'; await fetch('{target}').then(() => 'reached', () => 'failed')" }, Cancellation);
        var snapshot = await Browser.Snapshot(Cancellation);

        Assert.NotEqual("\"reached\"", tried.Value.ToString());
        Assert.True(snapshot.Url is "http://site.example/local" or "about:blank" or "about:blank#blocked", snapshot.Url);
        Assert.DoesNotContain("root:", snapshot.Tree, StringComparison.Ordinal);
    }

    private async Task<PageState> OpenAsync(string path)
    {
        var page = await Browser.Open(new OpenPage { Url = $"http://{Host}{path}" }, Cancellation);
        Assert.Null(page.Problem);
        return page;
    }

    /// <summary>Neither has anyone connected, nor does the proxy know of a connection but to the public address.</summary>
    private void AssertUnheard()
    {
        Assert.False(own.Secret.Pending(), "Somebody has connected.");
        Assert.Equal(0, own.SecretUdp.Available);
        Assert.All(own.Network.Connected, endpoint => Assert.Equal(FakeNetwork.PublicAddress, endpoint.Address.ToString()));
    }

    /// <summary>A silo with its browser, one public site, and what nobody must reach. All tests share them.</summary>
    public sealed class Surroundings : IAsyncLifetime
    {
        internal TcpListener Secret { get; } = new(IPAddress.Loopback, 0);

        internal UdpClient SecretUdp { get; } = new(new IPEndPoint(IPAddress.Loopback, 0));

        internal int SecretPort => ((IPEndPoint)Secret.LocalEndpoint).Port;

        internal int SecretUdpPort => ((IPEndPoint)SecretUdp.Client.LocalEndPoint!).Port;

        internal TestSite Site { get; private set; } = null!;

        internal FakeNetwork Network { get; private set; } = null!;

        internal SiloHost Silo { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Secret.Start();
            Site = await TestSite.StartAsync(CancellationToken.None);
            Site.Page("/", "<title>Start</title>").Page("/again", "again");
            Network = new FakeNetwork(Site.Address.Port);
            Network.Name(Host, FakeNetwork.PublicAddress);
            Network.Name("localhost", "127.0.0.1");
            Network.Name("inside.example", "127.0.0.1");
            Silo = await SiloHost.StartAsync(new SiloHostSettings { Configure = services => services.AddSingleton<INetwork>(Network) });
        }

        public async ValueTask DisposeAsync()
        {
            await Silo.DisposeAsync();
            await Site.DisposeAsync();
            Secret.Dispose();
            SecretUdp.Dispose();
        }
    }
}
