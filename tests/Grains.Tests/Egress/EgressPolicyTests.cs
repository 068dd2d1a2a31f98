using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Egress;

namespace OpenClaw.Grains.Tests.Egress;

public sealed class EgressPolicyTests : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly FakeNetwork _network;

    public EgressPolicyTests()
    {
        _listener.Start();
        _network = new FakeNetwork(((IPEndPoint)_listener.LocalEndpoint).Port);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _listener.Dispose();

    [Theory]
    [InlineData("")]
    [InlineData("example.com")]
    [InlineData("/Documents")]
    [InlineData("//example.com")]
    [InlineData("file:///etc/passwd")]
    [InlineData("data:text/html,<h1>x</h1>")]
    [InlineData("javascript:alert(1)")]
    [InlineData("ftp://example.com/")]
    [InlineData("chrome://settings")]
    [InlineData("view-source:http://example.com")]
    [InlineData("ws://example.com")]
    [InlineData("about:blank")]
    [InlineData("http://")]
    [InlineData("http://user@example.com/")]
    [InlineData("http://user:secret@example.com/")]
    [InlineData("http://:@example.com/")]
    public void What_is_no_plain_web_address_is_refused(string url)
    {
        var problem = EgressPolicy.Parse(url, "url", out _);

        Assert.Equal((400, "url"), (problem?.Status, problem?.Field));
    }

    [Fact]
    public void A_web_address_is_bounded()
    {
        Assert.Null(EgressPolicy.Parse("https://example.com/" + new string('a', EgressPolicy.MaxUrlLength - 20), "url", out _));
        Assert.NotNull(EgressPolicy.Parse("https://example.com/" + new string('a', EgressPolicy.MaxUrlLength - 19), "url", out _));
    }

    /// <summary>However loopback is written.</summary>
    [Theory]
    [InlineData("http://127.0.0.1/")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f000001/")]
    [InlineData("http://0x7f.0.0.1/")]
    [InlineData("http://017700000001/")]
    [InlineData("http://0/")]
    [InlineData("http://[::1]/")]
    [InlineData("http://[::]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("http://[::ffff:7f00:1]/")]
    [InlineData("http://[64:ff9b::7f00:1]/")]
    [InlineData("http://localhost/")]
    [InlineData("http://localhost./")]
    [InlineData("http://inside.example/")]
    [InlineData("http://both.example/")]
    public async Task A_private_address_is_refused_by_whatever_name(string url)
    {
        _network.Name("localhost", "127.0.0.1,::1");
        _network.Name("localhost.", "127.0.0.1");
        _network.Name("inside.example", "10.0.0.7");
        _network.Name("both.example", $"{FakeNetwork.PublicAddress},10.0.0.7");
        Assert.Null(EgressPolicy.Parse(url, "url", out var address));

        var problem = await Policy().CheckAsync(address, "url", Cancellation);

        Assert.Equal((400, "url", EgressReasons.Refused), (problem?.Status, problem?.Field, problem?.Reason));
    }

    [Theory]
    [InlineData("169.254.169.254")]
    [InlineData("metadata.example")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("fe80::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("0.0.0.0")]
    public async Task Metadata_and_links_are_refused_where_private_networks_are_open(string host)
    {
        _network.Name("metadata.example", "169.254.169.254");

        var failure = await Assert.ThrowsAsync<EgressException>(() => Policy(allowPrivate: true).ConnectAsync(host, 80, Cancellation));

        Assert.Equal(EgressFailure.Refused, failure.Failure);
        Assert.Empty(_network.Connected);
    }

    [Fact]
    public async Task Private_networks_are_reached_where_they_are_open()
    {
        var port = ((IPEndPoint)_listener.LocalEndpoint).Port;

        await using var stream = await Policy(allowPrivate: true).ConnectAsync("127.0.0.1", port, Cancellation);

        Assert.True(stream.Socket.Connected);
    }

    [Fact]
    public async Task A_name_that_leads_elsewhere_the_second_time_is_refused_then()
    {
        _network.Name("rebinding.example", FakeNetwork.PublicAddress, "127.0.0.1");
        var policy = Policy();

        await using (await policy.ConnectAsync("rebinding.example", 80, Cancellation))
        {
        }

        var failure = await Assert.ThrowsAsync<EgressException>(() => policy.ConnectAsync("rebinding.example", 80, Cancellation));
        Assert.Equal(EgressFailure.Refused, failure.Failure);
        Assert.Equal([new IPEndPoint(IPAddress.Parse(FakeNetwork.PublicAddress), 80)], _network.Connected);
    }

    [Fact]
    public async Task An_unknown_name_and_a_silent_host_are_told_apart()
    {
        _network.Name("silent.example", FakeNetwork.PublicAddress);
        _listener.Stop();

        var unknown = await Assert.ThrowsAsync<EgressException>(() => Policy().ConnectAsync("unknown.example", 80, Cancellation));
        var silent = await Assert.ThrowsAsync<EgressException>(() => Policy().ConnectAsync("silent.example", 80, Cancellation));

        Assert.Equal((EgressFailure.NotResolved, EgressFailure.NotConnected), (unknown.Failure, silent.Failure));
    }

    private EgressPolicy Policy(bool allowPrivate = false) => new(Options.Create(new EgressOptions { AllowPrivateNetworks = allowPrivate }), _network);
}
