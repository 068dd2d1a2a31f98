using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests.Sockets;

/// <summary>A client of <c>/ws</c> as other people write one.</summary>
internal sealed class SocketClient : IAsyncDisposable
{
    public const string SubscribeToAll = """{"type":"subscribe","channels":["messages","tasks"]}""";

    private readonly ClientWebSocket _socket = new();
    private readonly byte[] _buffer = new byte[4 * 1024 * 1024];

    private static CancellationToken Patience => TestContext.Current.CancellationToken;

    public WebSocket Socket => _socket;

    /// <summary>Opens a socket with the default key in the headers.</summary>
    public static Task<SocketClient> OpenAsync(FrontendHost host, params (string Name, string Value)[] headers) =>
        OpenBareAsync(host, "", [("Authorization", $"Bearer {FrontendHost.Key}"), .. headers]);

    /// <summary>The same with nothing but what the test says.</summary>
    public static async Task<SocketClient> OpenBareAsync(FrontendHost host, string query = "", params (string Name, string Value)[] headers)
    {
        var client = new SocketClient();
        client._socket.Options.KeepAliveInterval = TimeSpan.Zero;
        foreach (var (name, value) in headers)
            client._socket.Options.SetRequestHeader(name, value);
        await client._socket.ConnectAsync(new Uri($"ws://{host.Address.Authority}/ws{query}"), Patience);
        return client;
    }

    /// <summary>A socket that follows both channels from now on.</summary>
    public static async Task<SocketClient> SubscribeAsync(FrontendHost host)
    {
        var client = await OpenAsync(host);
        Assert.Equal("subscribed", (string?)(await client.AskAsync(SubscribeToAll))["type"]);
        await host.Events.FollowedAsync();
        return client;
    }

    public Task SendAsync(string frame) => SendAsync(Encoding.UTF8.GetBytes(frame), WebSocketMessageType.Text);

    public Task SendAsync(byte[] bytes, WebSocketMessageType type) => _socket.SendAsync(bytes, type, endOfMessage: true, Patience);

    /// <summary>Sends a frame and takes the next one that comes.</summary>
    public async Task<JsonNode> AskAsync(string frame)
    {
        await SendAsync(frame);
        return await NextAsync();
    }

    public async Task<JsonNode> NextAsync() =>
        await ReceiveAsync() is { } text ? JsonNode.Parse(text)! : throw new InvalidOperationException($"Closed with {_socket.CloseStatus}.");

    /// <summary>What the socket is closed with, when nothing comes before.</summary>
    public async Task<int> ClosedAsync()
    {
        Assert.Null(await ReceiveAsync());
        if (_socket.State == WebSocketState.CloseReceived)
            await _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Patience);
        return (int)_socket.CloseStatus!;
    }

    /// <summary>The code of the one error frame that comes before the close, and what the socket is closed with.</summary>
    public async Task<(string Code, int Status)> RefusedAsync()
    {
        var frame = await NextAsync();
        Assert.Equal("error", (string?)frame["type"]);
        return ((string)frame["error"]!["code"]!, await ClosedAsync());
    }

    public ValueTask DisposeAsync()
    {
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string?> ReceiveAsync()
    {
        var length = 0;
        while (true)
        {
            var result = await _socket.ReceiveAsync(_buffer.AsMemory(length), Patience);
            if (result.MessageType == WebSocketMessageType.Close)
                return null;
            length += result.Count;
            if (result.EndOfMessage)
                return Encoding.UTF8.GetString(_buffer, 0, length);
        }
    }
}
