using System.Net.Sockets;
using System.Text;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests.Sockets;

/// <summary>A client that speaks RFC 6455 by hand, to see and to leave out what libraries do by themselves.</summary>
internal sealed class RawSocket : IAsyncDisposable
{
    private readonly TcpClient _tcp = new();
    private NetworkStream _stream = null!;

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    /// <param name="host">The server.</param>
    /// <param name="receiveBuffer">Bytes that the client's side takes without being read.</param>
    public static async Task<RawSocket> OpenAsync(FrontendHost host, int? receiveBuffer = null)
    {
        var socket = new RawSocket();
        if (receiveBuffer is { } bytes)
            socket._tcp.ReceiveBufferSize = bytes;
        await socket._tcp.ConnectAsync(host.Address.Host, host.Address.Port, Patience);
        socket._stream = socket._tcp.GetStream();
        await socket._stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"GET /ws HTTP/1.1\r\nHost: {host.Address.Authority}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nX-API-Key: {FrontendHost.Key}\r\n\r\n"), Patience);
        var head = new List<byte>();
        while (!head.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
            head.Add((await ReadAsync(socket._stream, 1))[0]);
        Assert.StartsWith("HTTP/1.1 101 ", Encoding.ASCII.GetString([.. head]), StringComparison.Ordinal);
        return socket;
    }

    /// <summary>Sends a whole frame, masked with zeros.</summary>
    public async Task SendAsync(byte opcode, byte[] payload)
    {
        Assert.InRange(payload.Length, 0, 125);
        byte[] frame = [(byte)(0x80 | opcode), (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload];
        await _stream.WriteAsync(frame, Patience);
    }

    /// <summary>The next frame, of whatever kind.</summary>
    public async Task<(byte Opcode, byte[] Payload)> NextAsync()
    {
        var head = await ReadAsync(_stream, 2);
        Assert.Equal(0x80, head[0] & 0xf0);
        long length = head[1];
        if (length == 126)
            length = (await ReadAsync(_stream, 2)).Aggregate(0L, (sum, one) => (sum << 8) | one);
        else if (length == 127)
            length = (await ReadAsync(_stream, 8)).Aggregate(0L, (sum, one) => (sum << 8) | one);
        return ((byte)(head[0] & 0x0f), await ReadAsync(_stream, (int)length));
    }

    /// <summary>Done when the server has ended the connection.</summary>
    public async Task EndAsync()
    {
        try
        {
            while (await _stream.ReadAsync(new byte[64 * 1024], Patience) > 0)
            {
                // What was still on its way.
            }
        }
        catch (IOException)
        {
            return;
        }
    }

    public ValueTask DisposeAsync()
    {
        _tcp.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes, Patience);
        return bytes;
    }
}
