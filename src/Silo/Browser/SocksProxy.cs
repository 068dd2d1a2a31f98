using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Egress;

namespace OpenClaw.Silo.Browser;

/// <summary>
/// A forward proxy on loopback (SOCKS5, RFC 1928), the one way that a browser context has out of its process: each connection
/// that its pages make, whatever for, is looked up and checked here by the egress policy. Names are never looked up in the browser.
/// </summary>
internal sealed partial class SocksProxy : IAsyncDisposable
{
    private const byte Version = 5;
    private const byte NoAuthentication = 0;
    private const byte Connect = 1;

    /// <summary>At once. The browser itself opens no more than some 64 to one proxy.</summary>
    private const int MaxConnections = 128;

    /// <summary>Lookups and connections that are being made at once, so that no context takes all of the machine's.</summary>
    private const int MaxDials = 8;

    /// <summary>How long a client may take to say what it wants.</summary>
    private static readonly TimeSpan HandshakeTime = TimeSpan.FromSeconds(10);

    /// <summary>For lookup and connection together, the wait for its turn included.</summary>
    private static readonly TimeSpan DialTime = TimeSpan.FromSeconds(15);

    /// <summary>How long a client may go on after the far side has said its last.</summary>
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    private readonly EgressPolicy _policy;
    private readonly ILogger _logger;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly SemaphoreSlim _slots = new(MaxConnections, MaxConnections);
    private readonly SemaphoreSlim _dials = new(MaxDials, MaxDials);
    private readonly Task _accepting;
    private volatile EgressException? _failure;

    public SocksProxy(EgressPolicy policy, ILogger logger)
    {
        _policy = policy;
        _logger = logger;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Why a host was not reached, the last time that one was not since <see cref="ForgetFailure"/>.</summary>
    public EgressException? Failure => _failure;

    public void ForgetFailure() => _failure = null;

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _accepting;
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
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or InvalidOperationException)
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
                await using (far) await RelayAsync(near, far);
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

    /// <summary>Passes on what each side says. It ends with the client, who does not come back, and soon after the far side.</summary>
    private async Task RelayAsync(NetworkStream near, NetworkStream far)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        var upload = near.CopyToAsync(far, ending.Token);
        var download = far.CopyToAsync(near, ending.Token);
        try
        {
            if (await Task.WhenAny(upload, download) == download && download.IsCompletedSuccessfully)
            {
                near.Socket.Shutdown(SocketShutdown.Send);
                await upload.WaitAsync(FarewellTime, ending.Token);
            }
        }
        catch (TimeoutException)
        {
            // It has been told that there is nothing more.
        }
        finally
        {
            await ending.CancelAsync();
            await Task.WhenAll(upload, download).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        ending.CancelAfter(DialTime);
        // A client says nothing now: what comes is its end.
        var left = LeftAsync(near.Socket, ending.Token);
        var dialled = ConnectAsync(host, port, ending.Token);
        try
        {
            if (await Task.WhenAny(left, dialled) != dialled)
            {
                await ending.CancelAsync();
                await (await dialled).DisposeAsync();
                return null;
            }

            var far = await dialled;
            await near.WriteAsync(Reply(0), _stopping.Token);
            return far;
        }
        catch (EgressException failure)
        {
            if (failure.Failure is EgressFailure.Refused) LogRefused(_logger, host, port);
            if (!left.IsCompleted) _failure = failure;
            await near.WriteAsync(Reply(failure.Failure switch { EgressFailure.Refused => 2, EgressFailure.NotResolved => 4, _ => 5 }), _stopping.Token);
            return null;
        }
        finally
        {
            await ending.CancelAsync();
            await left.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task LeftAsync(Socket near, CancellationToken cancellationToken)
    {
        // To receive nothing waits for something, but may end before there is.
        do await near.ReceiveAsync(Memory<byte>.Empty, cancellationToken);
        while (!near.Poll(TimeSpan.Zero, SelectMode.SelectRead));
    }

    private async Task<NetworkStream> ConnectAsync(string host, int port, CancellationToken cancellationToken)
    {
        try
        {
            await _dials.WaitAsync(cancellationToken);
            try
            {
                return await _policy.ConnectAsync(host, port, cancellationToken);
            }
            finally
            {
                _dials.Release();
            }
        }
        catch (OperationCanceledException failure) when (!_stopping.IsCancellationRequested)
        {
            throw new EgressException(EgressFailure.NotConnected, EgressReasons.NotConnected, failure);
        }
    }

    private static byte[] Reply(byte code) => [Version, code, 0, 1, 0, 0, 0, 0, 0, 0];

    [LoggerMessage(6208, LogLevel.Error, "A connection of the browser's could not be accepted")]
    private static partial void LogNotAccepted(ILogger logger, Exception exception);

    [LoggerMessage(6201, LogLevel.Warning, "A page was kept from {Host}:{Port}, which the egress policy refuses")]
    private static partial void LogRefused(ILogger logger, string host, int port);
}
