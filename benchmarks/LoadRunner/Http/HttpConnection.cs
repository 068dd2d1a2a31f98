using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenClaw.Benchmarks.Shared;

namespace OpenClaw.Benchmarks.LoadRunner.Http;

/// <summary>
/// One kept-alive HTTP/1.1 connection on a blocking socket: the least that a client can cost, so that the load runner takes
/// as little as possible from the server beside it.
/// </summary>
internal sealed class HttpConnection : IDisposable
{
    private const int TimeoutMs = 60_000;

    private readonly Socket _socket;
    private readonly byte[] _buffer;
    private int _start;
    private int _end;
    private long _remaining;
    private bool _chunked;
    private bool _chunkOpen;
    private bool _ended = true;

    /// <param name="endpoint">The server.</param>
    /// <param name="source">The address to connect from, for more connections than one address has ports; null for any.</param>
    /// <param name="bufferSize">Bytes of the receive buffer; bounds the head of a response.</param>
    public HttpConnection(IPEndPoint endpoint, IPAddress? source = null, int bufferSize = 32 * 1024)
    {
        _buffer = new byte[bufferSize];
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = TimeoutMs,
            SendTimeout = TimeoutMs,
        };
        if (source is not null)
            _socket.Bind(new IPEndPoint(source, 0));
        _socket.Connect(endpoint);
    }

    /// <summary>When the last bytes were received, by <see cref="Clock"/>.</summary>
    public long ReceivedAt { get; private set; }

    /// <summary>Sends a request and reads the response's head.</summary>
    /// <returns>The status.</returns>
    /// <exception cref="SocketException">No answer within 60 s.</exception>
    /// <exception cref="IOException">The connection was closed, or what came is not HTTP.</exception>
    public int Send(ReadOnlySpan<byte> request)
    {
        if (!_ended)
            throw new InvalidOperationException("The last response has not been read to its end.");
        while (!request.IsEmpty)
            request = request[_socket.Send(request)..];
        return ReadHead();
    }

    /// <summary>The next piece of the response's body, valid until the next call; false at its end.</summary>
    public bool TryReadBody(out ReadOnlySpan<byte> piece)
    {
        piece = default;
        if (_remaining == 0 && !_ended)
            NextChunk();
        if (_ended)
            return false;
        if (_start == _end)
            Fill();
        var length = (int)Math.Min(_remaining, _end - _start);
        piece = _buffer.AsSpan(_start, length);
        _start += length;
        _remaining -= length;
        return true;
    }

    /// <summary>The rest of the body as text.</summary>
    public string ReadText()
    {
        var text = new MemoryStream();
        while (TryReadBody(out var piece))
            text.Write(piece);
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    /// <summary>Sends a request and reads all of the response.</summary>
    /// <returns>The body.</returns>
    /// <exception cref="SocketException">No answer within 60 s.</exception>
    /// <exception cref="IOException">Another status than <paramref name="expected"/>, or as <see cref="Send"/>.</exception>
    public string Ask(ReadOnlySpan<byte> request, int expected = 200)
    {
        var status = Send(request);
        var body = ReadText();
        return status == expected ? body : throw new IOException($"The server answered {status}: {body}");
    }

    /// <summary>Ends the connection from another thread: whoever reads gets an exception.</summary>
    public void Abort() => _socket.Close();

    public void Dispose() => _socket.Dispose();

    private int ReadHead()
    {
        _chunked = _chunkOpen = _ended = false;
        _remaining = -1;
        var statusLine = ReadLine();
        if (statusLine.Length < 12 || !Utf8Parser.TryParse(statusLine[9..12], out int status, out _))
            throw new IOException("The answer does not begin with a status line.");
        while (true)
        {
            var line = ReadLine();
            if (line.IsEmpty)
                break;
            var colon = line.IndexOf((byte)':');
            if (colon < 0)
                continue;
            var value = line[(colon + 1)..].Trim((byte)' ');
            if (Ascii.EqualsIgnoreCase(line[..colon], "content-length"u8))
                _remaining = long.Parse(value, CultureInfo.InvariantCulture);
            else if (Ascii.EqualsIgnoreCase(line[..colon], "transfer-encoding"u8))
                _chunked = true;
        }

        if (_chunked)
            _remaining = 0;
        else if (_remaining < 0 && status is not (204 or 304))
            throw new IOException("The answer has neither a length nor chunks.");
        else if (_remaining <= 0)
            _ended = true;
        return status;
    }

    private void NextChunk()
    {
        if (!_chunked)
        {
            _ended = true;
            return;
        }

        if (_chunkOpen)
            ReadLine();
        if (!Utf8Parser.TryParse(ReadLine(), out long size, out _, 'x'))
            throw new IOException("A chunk does not begin with its size.");
        _chunkOpen = true;
        _remaining = size;
        if (size == 0)
        {
            ReadLine();
            _ended = true;
        }
    }

    private ReadOnlySpan<byte> ReadLine()
    {
        var searched = 0;
        while (true)
        {
            var newline = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (newline >= 0)
            {
                var line = _buffer.AsSpan(_start, searched + newline);
                _start += searched + newline + 1;
                return line.TrimEnd((byte)'\r');
            }

            searched = _end - _start;
            Fill();
        }
    }

    private void Fill()
    {
        if (_start == _end)
        {
            _start = _end = 0;
        }
        else if (_end == _buffer.Length)
        {
            if (_start == 0)
                throw new IOException("A line is longer than the buffer.");
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }

        var received = _socket.Receive(_buffer, _end, _buffer.Length - _end, SocketFlags.None);
        if (received == 0)
            throw new IOException("The server closed the connection within an answer.");
        _end += received;
        ReceivedAt = Clock.Now;
    }
}
