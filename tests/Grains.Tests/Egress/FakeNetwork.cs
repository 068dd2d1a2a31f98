using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using OpenClaw.Grains.Egress;

namespace OpenClaw.Grains.Tests.Egress;

/// <summary>Names as a test gives them. What is sent to the one public address arrives at a port of loopback.</summary>
internal sealed class FakeNetwork(int port) : INetwork
{
    public const string PublicAddress = "93.184.215.14";

    private readonly ConcurrentDictionary<string, ConcurrentQueue<IPAddress[]>> _names = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every address to which a connection was made.</summary>
    public ConcurrentQueue<IPEndPoint> Connected { get; } = [];

    /// <summary>What a name leads to; each further answer is for the next time, the last for all times.</summary>
    public void Name(string host, params string[] answers) =>
        _names[host] = new ConcurrentQueue<IPAddress[]>(answers.Select(answer => answer.Split(',').Select(IPAddress.Parse).ToArray()));

    public Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        if (!_names.TryGetValue(host, out var answers)) throw new SocketException((int)SocketError.HostNotFound);
        var answer = answers.Count > 1 && answers.TryDequeue(out var next) ? next : answers.First();
        return Task.FromResult<IReadOnlyList<IPAddress>>(answer);
    }

    /// <summary>An address that the machine has beside loopback.</summary>
    public const string OwnAddress = "93.184.215.99";

    public bool IsOwn(IPAddress address) => address.ToString() == OwnAddress;

    public async Task<NetworkStream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        Connected.Enqueue(endpoint);
        var target = endpoint.Address.ToString() == PublicAddress ? new IPEndPoint(IPAddress.Loopback, port) : endpoint;
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(target, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
