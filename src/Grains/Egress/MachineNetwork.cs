using System.Collections.Frozen;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace OpenClaw.Grains.Egress;

/// <summary>
/// Names are looked up on threads of their own: the system's lookup holds its thread until it answers, which a name that nobody
/// answers for can delay for many seconds, and a pool without threads would stop the whole server.
/// </summary>
internal sealed class MachineNetwork(TimeProvider time) : INetwork, IDisposable
{
    private const int MaxLookups = 64;

    private static readonly TimeSpan OwnAddressesTime = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _lookups = new(MaxLookups, MaxLookups);
    private volatile OwnAddresses _own = new(FrozenSet<IPAddress>.Empty, null);

    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, CancellationToken cancellationToken)
    {
        await _lookups.WaitAsync(cancellationToken);
        // Its place is taken until the system answers, whether somebody still waits or not.
        var looked = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    return Dns.GetHostAddresses(host);
                }
                finally
                {
                    Leave();
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach,
            TaskScheduler.Default);
        return await looked.WaitAsync(cancellationToken);
    }

    public bool IsOwn(IPAddress address)
    {
        var own = _own;
        if (own.Since is null || time.GetElapsedTime(own.Since.Value) > OwnAddressesTime)
        {
            own = new OwnAddresses(
                NetworkInterface.GetAllNetworkInterfaces()
                    .SelectMany(link => link.GetIPProperties().UnicastAddresses)
                    .Select(unicast => Bare(unicast.Address))
                    .ToFrozenSet(),
                time.GetTimestamp());
            _own = own;
        }

        return own.Addresses.Contains(Bare(address));
    }

    public async Task<NetworkStream> ConnectAsync(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(endpoint, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public void Dispose() => _lookups.Dispose();

    private void Leave()
    {
        try
        {
            _lookups.Release();
        }
        catch (ObjectDisposedException)
        {
            // The server has stopped meanwhile.
        }
    }

    /// <summary>Without the link that it belongs to.</summary>
    private static IPAddress Bare(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address.AddressFamily is AddressFamily.InterNetworkV6 ? new IPAddress(address.GetAddressBytes()) : address;

    private sealed record OwnAddresses(FrozenSet<IPAddress> Addresses, long? Since);
}
