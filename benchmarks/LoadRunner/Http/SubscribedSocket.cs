using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenClaw.Benchmarks.LoadRunner.Servers;

namespace OpenClaw.Benchmarks.LoadRunner.Http;

/// <summary>
/// A WebSocket that has subscribed to its tenant's channels: the least that a client can cost. It answers no pings.
/// </summary>
internal sealed class SubscribedSocket : IDisposable
{
    private const int BufferBytes = 2048;
    private const int TextOpcode = 1;

    private readonly Socket _socket;
    private byte[] _buffer = new byte[BufferBytes];
    private int _end;

    /// <exception cref="IOException">The server opens no socket, or refuses the subscription.</exception>
    public SubscribedSocket(Target target, IPAddress source)
    {
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Bind(new IPEndPoint(source, 0));
        _socket.Connect(new IPEndPoint(IPAddress.Loopback, target.Port));
        _socket.Send(Encoding.ASCII.GetBytes(
            $"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{target.Port}\r\nAuthorization: Bearer {target.Key}\r\n"
            + "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
        var head = 0;
        while ((head = _buffer.AsSpan(0, _end).IndexOf("\r\n\r\n"u8)) < 0)
            Fill(_socket.Receive(_buffer.AsSpan(_end)));
        if (!_buffer.AsSpan().StartsWith("HTTP/1.1 101"u8))
            throw new IOException($"A socket was answered with: {Encoding.ASCII.GetString(_buffer, 0, head)}");
        Drop(head + 4);

        // Masked with zeros.
        var frame = """{"type":"subscribe","channels":["messages","tasks"]}"""u8;
        _socket.Send([0x81, (byte)(0x80 | frame.Length), 0, 0, 0, 0, .. frame]);
        byte[]? answer;
        while (!TryTake(out answer))
            Fill(_socket.Receive(_buffer.AsSpan(_end)));
        if (answer.AsSpan().IndexOf("subscribed"u8) < 0)
            throw new IOException($"A subscription was answered with: {Encoding.UTF8.GetString(answer!)}");
    }

    /// <summary>The next frame of text.</summary>
    /// <exception cref="IOException">The server has closed the socket.</exception>
    public async ValueTask<byte[]> NextAsync()
    {
        byte[]? frame;
        while (!TryTake(out frame))
        {
            if (_end == _buffer.Length)
                Array.Resize(ref _buffer, _buffer.Length * 2);
            Fill(await _socket.ReceiveAsync(_buffer.AsMemory(_end)));
        }

        return frame!;
    }

    public void Dispose() => _socket.Dispose();

    private bool TryTake(out byte[]? frame)
    {
        frame = null;
        while (_end >= 2)
        {
            var (opcode, length, start) = (_buffer[0] & 0x0f, (int)_buffer[1], 2);
            if (length == 126)
            {
                if (_end < 4)
                    return false;
                (length, start) = (BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(2)), 4);
            }

            if (_end < start + length)
                return false;
            frame = _buffer.AsSpan(start, length).ToArray();
            Drop(start + length);
            if (opcode == TextOpcode)
                return true;
        }

        return false;
    }

    private void Fill(int received)
    {
        if (received == 0)
            throw new IOException("The server has closed a socket.");
        _end += received;
    }

    private void Drop(int count)
    {
        _buffer.AsSpan(count, _end - count).CopyTo(_buffer);
        _end -= count;
    }
}
