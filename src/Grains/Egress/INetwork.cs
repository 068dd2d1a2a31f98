using System.Net;
using System.Net.Sockets;

namespace OpenClaw.Grains.Egress;

/// <summary>Names and connections of the machine.</summary>
public interface INetwork
{
    /// <exception cref="SocketException">The name is unknown.</exception>
    Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken);

    /// <summary>Whether an address is one of this machine's, public ones included.</summary>
    bool IsOwn(IPAddress address);

    /// <exception cref="SocketException">Nobody answers there.</exception>
    Task<NetworkStream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken);
}
