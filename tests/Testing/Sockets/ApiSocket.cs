using System.Net.WebSockets;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OpenClaw.Testing.Sockets;

/// <summary>A client of <c>/ws</c> that speaks JSON and hides nothing of what the server says.</summary>
public sealed class ApiSocket : IAsyncDisposable
{
    /// <summary>What a test waits for comes within this time, or never.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private static readonly JsonSerializerOptions Unescaped = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly ClientWebSocket _socket;
    private readonly byte[] _buffer = new byte[64 * 1024];

    private ApiSocket(ClientWebSocket socket)
    {
        _socket = socket;
    }

    /// <summary>Why the server has closed the connection, or null while it has not.</summary>
    public int? CloseCode => (int?)_socket.CloseStatus;

    /// <summary>Opens a connection with these headers.</summary>
    /// <exception cref="SocketRefusedException">The server answered the upgrade with an error.</exception>
    public static async Task<ApiSocket> OpenAsync(
        Uri server, CancellationToken cancellationToken, string query = "", params (string Name, string Value)[] headers)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        // What comes in is answered by the test; a connection is not kept alive behind its back.
        socket.Options.KeepAliveInterval = TimeSpan.Zero;
        foreach (var (name, value) in headers) socket.Options.SetRequestHeader(name, value);
        var address = new UriBuilder(server) { Scheme = server.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs, Path = "/ws", Query = query };
        try
        {
            await socket.ConnectAsync(address.Uri, cancellationToken);
            return new ApiSocket(socket);
        }
        catch (WebSocketException exception)
        {
            var status = (int)socket.HttpStatusCode;
            socket.Dispose();
            throw status == 0 ? exception : new SocketRefusedException(status, exception);
        }
    }

    /// <summary>Sends a frame as JSON; a string is taken as it stands.</summary>
    public Task SendAsync(object frame, CancellationToken cancellationToken) => SendAsync(
        Encoding.UTF8.GetBytes(frame as string ?? JsonSerializer.Serialize(frame, Unescaped)), WebSocketMessageType.Text, true, cancellationToken);

    /// <summary>Sends bytes as they are, a frame's end or not.</summary>
    public Task SendAsync(byte[] bytes, WebSocketMessageType type, bool endOfMessage, CancellationToken cancellationToken) =>
        _socket.SendAsync(bytes, type, endOfMessage, cancellationToken);

    /// <summary>The next frame, or null when the server has closed the connection. Throws after 40 s, and when the connection breaks.</summary>
    public async Task<SocketFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            return await ReceiveAsync(limit.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"No frame within {Patience}.");
        }
    }

    /// <summary>The frames up to and with the first that the condition holds for.</summary>
    /// <exception cref="EndOfStreamException">The server has closed the connection before.</exception>
    public Task<List<SocketFrame>> ReadUntilAsync(Func<SocketFrame, bool> last, CancellationToken cancellationToken) =>
        ReadUntilAllAsync(frames => last(frames[^1]), cancellationToken);

    /// <summary>Frames until the condition holds for all of them together: for those that may come in either order.</summary>
    /// <exception cref="EndOfStreamException">The server has closed the connection before.</exception>
    public async Task<List<SocketFrame>> ReadUntilAllAsync(Func<List<SocketFrame>, bool> complete, CancellationToken cancellationToken)
    {
        var frames = new List<SocketFrame>();
        try
        {
            while (await ReadAsync(cancellationToken) is { } frame)
            {
                frames.Add(frame);
                if (complete(frames)) return frames;
            }
        }
        catch (TimeoutException exception)
        {
            throw new TimeoutException($"{exception.Message} Frames:\n{string.Join('\n', frames)}", exception);
        }

        throw new EndOfStreamException($"Closed with {CloseCode} before the awaited frames. Frames:\n{string.Join('\n', frames)}");
    }

    /// <summary>The next frame of this type, after whatever else.</summary>
    public async Task<SocketFrame> ReadAsync(string type, CancellationToken cancellationToken) =>
        (await ReadUntilAsync(frame => frame.Type == type, cancellationToken))[^1];

    /// <summary>The frames up to the close, whose code is then <see cref="CloseCode"/>.</summary>
    public async Task<List<SocketFrame>> ReadToCloseAsync(CancellationToken cancellationToken)
    {
        var frames = new List<SocketFrame>();
        while (await ReadAsync(cancellationToken) is { } frame) frames.Add(frame);
        return frames;
    }

    /// <summary>Sends a frame and returns the next one of this type.</summary>
    public async Task<SocketFrame> AskAsync(object frame, string type, CancellationToken cancellationToken)
    {
        await SendAsync(frame, cancellationToken);
        return await ReadAsync(type, cancellationToken);
    }

    /// <summary>Leaves without a word.</summary>
    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<SocketFrame?> ReceiveAsync(CancellationToken cancellationToken)
    {
        if (_socket.CloseStatus is not null) return null;
        using var message = new MemoryStream();
        while (true)
        {
            var part = await _socket.ReceiveAsync(_buffer, cancellationToken);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                await AnswerCloseAsync(cancellationToken);
                return null;
            }

            if (part.MessageType != WebSocketMessageType.Text) throw new InvalidDataException($"A frame of type {part.MessageType}.");
            message.Write(_buffer, 0, part.Count);
            if (part.EndOfMessage) return SocketFrame.Parse(Encoding.UTF8.GetString(message.ToArray()));
        }
    }
    private async Task AnswerCloseAsync(CancellationToken cancellationToken)
    {
        if (_socket.State != WebSocketState.CloseReceived) return;
        try
        {
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, cancellationToken);
        }
        catch (WebSocketException)
        {
            // The server did not wait for it.
        }
    }
}
