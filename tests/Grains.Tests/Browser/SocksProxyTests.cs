using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Egress;
using OpenClaw.Grains.Tests.Egress;
using OpenClaw.Silo.Browser;

namespace OpenClaw.Grains.Tests.Browser;

/// <summary>The proxy before the browser, with clients that do what no browser would.</summary>
public sealed class SocksProxyTests : IAsyncDisposable
{
    private const string Host = "site.example";

    private readonly TcpListener _far = new(IPAddress.Loopback, 0);
    private readonly SlowNetwork _network;
    private readonly SocksProxy _proxy;

    public SocksProxyTests()
    {
        _far.Start();
        _network = new SlowNetwork(new FakeNetwork(((IPEndPoint)_far.LocalEndpoint).Port));
        _network.Inner.Name(Host, FakeNetwork.PublicAddress);
        _network.Inner.Name("own.example", FakeNetwork.OwnAddress);
        _proxy = new SocksProxy(new EgressPolicy(Options.Create(new EgressOptions()), _network), NullLogger.Instance);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _far.Dispose();
    }

    [Fact]
    public async Task Clients_that_leave_a_silent_host_leave_their_places()
    {
        for (var round = 0; round < 300; round++)
        {
            using var client = await ConnectAsync(Host);
            using var far = await _far.AcceptSocketAsync(Cancellation);
            client.Dispose();
            // It hears that the client has left, though it never says a word itself.
            Assert.Equal(0, await far.ReceiveAsync(new byte[1], Cancellation));
        }
    }

    [Fact]
    public async Task Clients_that_leave_before_a_host_is_reached_leave_their_places()
    {
        _network.Holds = true;
        for (var round = 0; round < 40; round++)
        {
            var client = await AskAsync(Host);
            await _network.Asked.WaitAsync(Cancellation);
            client.Dispose();
            await _network.Left.WaitAsync(Cancellation);
        }

        _network.Holds = false;
        using var last = await ConnectAsync(Host);
    }

    [Fact]
    public async Task What_either_side_says_before_it_leaves_arrives()
    {
        using var client = await ConnectAsync(Host);
        using var far = await _far.AcceptSocketAsync(Cancellation);
        await client.SendAsync("question"u8.ToArray(), Cancellation);
        var heard = new byte[8];
        Assert.Equal(8, await far.ReceiveAsync(heard, Cancellation));

        await far.SendAsync("answer"u8.ToArray(), Cancellation);
        far.Close();

        Assert.Equal(6, await client.ReceiveAsync(heard, Cancellation));
        Assert.Equal(0, await client.ReceiveAsync(heard, Cancellation));
    }

    [Fact]
    public async Task A_public_address_of_the_machine_itself_is_refused()
    {
        using var client = await AskAsync("own.example");

        Assert.Equal(2, await ReplyAsync(client));
        Assert.Equal(EgressFailure.Refused, _proxy.Failure?.Failure);
    }

    private async Task<Socket> ConnectAsync(string host)
    {
        var client = await AskAsync(host);
        Assert.Equal(0, await ReplyAsync(client));
        return client;
    }

    /// <summary>A client that has said where it wants to go.</summary>
    private async Task<Socket> AskAsync(string host)
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(new IPEndPoint(IPAddress.Loopback, _proxy.Port), Cancellation);
        await client.SendAsync(new byte[] { 5, 1, 0 }, Cancellation);
        var greeting = new byte[2];
        Assert.Equal(2, await client.ReceiveAsync(greeting, Cancellation));
        byte[] request = [5, 1, 0, 3, (byte)host.Length, .. host.Select(c => (byte)c), 0, 80];
        await client.SendAsync(request, Cancellation);
        return client;
    }

    private static async Task<byte> ReplyAsync(Socket client)
    {
        var reply = new byte[10];
        Assert.Equal(10, await client.ReceiveAsync(reply, Cancellation));
        return reply[1];
    }

    /// <summary>A network whose connections, where told so, are made when nobody waits any more.</summary>
    private sealed class SlowNetwork(FakeNetwork inner) : INetwork
    {
        public FakeNetwork Inner => inner;

        public bool Holds { get; set; }

        public SemaphoreSlim Asked { get; } = new(0);

        public SemaphoreSlim Left { get; } = new(0);

        public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken) => inner.ResolveAsync(host, cancellationToken);

        public bool IsOwn(IPAddress address) => inner.IsOwn(address);

        public async Task<NetworkStream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
        {
            if (!Holds) return await inner.ConnectAsync(endpoint, cancellationToken);
            Asked.Release();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
                throw new InvalidOperationException();
            }
            finally
            {
                Left.Release();
            }
        }
    }
}
