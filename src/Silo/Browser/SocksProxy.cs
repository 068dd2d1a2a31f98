using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Egress;

namespace OpenClaw.Silo.Browser;

/// <summary>
/// A forward proxy on loopback (SOCKS5, RFC 1928), the one way that the browser has out of its process: each connection that a
/// page makes, whatever for, is looked up and checked here by the egress policy. Names are never looked up in the browser.
/// </summary>
internal sealed partial class SocksProxy : IAsyncDisposable
{
    private const byte Version = 5;
    private const byte NoAuthentication = 0;
    private const byte Connect = 1;
    private const int MaxConnections = 1024;
    private const int MaxFailures = 256;

    /// <summary>How long a client may take to say what it wants.</summary>
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly EgressPolicy _policy;
    private readonly ILogger _logger;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _slots = new(MaxConnections, MaxConnections);
    private readonly ConcurrentDictionary<(string Host, int Port), EgressException> _failures = new();
    private readonly Task _accepting;

    public SocksProxy(EgressPolicy policy, ILogger logger)
    {
        _policy = policy;
        _logger = logger;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Why a host was not reached the last time; null when it was, or when that is long ago.</summary>
    public EgressException? FailureOf(string host, int port) => _failures.GetValueOrDefault(KeyOf(host, port));

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await _slots.WaitAsync(_stopping.Token);
                try
                {
                    _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stopping.Token));
                }
                catch (SocketException failure) when (!_stopping.IsCancellationRequested)
                {
                    // Such as too many open files: that passes, and without the proxy no page would ever open again.
                    _slots.Release();
                    LogNotAccepted(_logger, failure);
                    await Task.Delay(AcceptPause, _stopping.Token);
                }
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It stops.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            using (client)
            {
                client.NoDelay = true;
                var near = client.GetStream();
                if (await GreetAsync(near) is not var (host, port) || await DialAsync(near, host, port) is not { } far) return;
                await using (far)
                    await Task.WhenAll(CopyAsync(near, far), CopyAsync(far, near));
            }
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of the two has left.
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>Where the client wants to go; null for one that does not speak as it should.</summary>
    private async Task<(string Host, int Port)?> GreetAsync(NetworkStream near)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        limit.CancelAfter(HandshakeTime);
        var buffer = new byte[262];
        await near.ReadExactlyAsync(buffer.AsMemory(0, 2), limit.Token);
        if (buffer[0] != Version) return null;
        await near.ReadExactlyAsync(buffer.AsMemory(0, buffer[1]), limit.Token);
        await near.WriteAsync(new byte[] { Version, NoAuthentication }, limit.Token);

        await near.ReadExactlyAsync(buffer.AsMemory(0, 4), limit.Token);
        if (buffer[0] != Version || buffer[1] != Connect) return null;
        string host;
        switch (buffer[3])
        {
            case 1:
                await near.ReadExactlyAsync(buffer.AsMemory(0, 4), limit.Token);
                host = new IPAddress(buffer.AsSpan(0, 4)).ToString();
                break;
            case 3:
                await near.ReadExactlyAsync(buffer.AsMemory(0, 1), limit.Token);
                var length = (int)buffer[0];
                await near.ReadExactlyAsync(buffer.AsMemory(0, length), limit.Token);
                host = Encoding.ASCII.GetString(buffer, 0, length);
                break;
            case 4:
                await near.ReadExactlyAsync(buffer.AsMemory(0, 16), limit.Token);
                host = new IPAddress(buffer.AsSpan(0, 16)).ToString();
                break;
            default:
                return null;
        }

        await near.ReadExactlyAsync(buffer.AsMemory(0, 2), limit.Token);
        return (host, BinaryPrimitives.ReadUInt16BigEndian(buffer));
    }

    private async Task<NetworkStream?> DialAsync(NetworkStream near, string host, int port)
    {
        try
        {
            var far = await _policy.ConnectAsync(host, port, _stopping.Token);
            _failures.TryRemove(KeyOf(host, port), out _);
            await near.WriteAsync(Reply(0), _stopping.Token);
            return far;
        }
        catch (EgressException failure)
        {
            if (failure.Failure is EgressFailure.Refused) LogRefused(_logger, host, port);
            if (_failures.Count >= MaxFailures) _failures.Clear();
            _failures[KeyOf(host, port)] = failure;
            await near.WriteAsync(Reply(failure.Failure switch { EgressFailure.Refused => 2, EgressFailure.NotResolved => 4, _ => 5 }), _stopping.Token);
            return null;
        }
    }

    /// <summary>The same for each way to write an address.</summary>
    private static (string Host, int Port) KeyOf(string host, int port) =>
        (IPAddress.TryParse(host, out var address) ? address.ToString() : host.ToLowerInvariant(), port);

    private static byte[] Reply(byte code) => [Version, code, 0, 1, 0, 0, 0, 0, 0, 0];

    private async Task CopyAsync(NetworkStream from, NetworkStream to)
    {
        try
        {
            await from.CopyToAsync(to, _stopping.Token);
            to.Socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception failure) when (failure is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // Neither direction is of use without the other.
            from.Socket.Close();
            to.Socket.Close();
        }
    }

    [LoggerMessage(6208, LogLevel.Error, "A connection of the browser's could not be accepted")]
    private static partial void LogNotAccepted(ILogger logger, Exception exception);

    [LoggerMessage(6201, LogLevel.Warning, "A page was kept from {Host}:{Port}, which the egress policy refuses")]
    private static partial void LogRefused(ILogger logger, string host, int port);
}
