using System.Net.WebSockets;
using System.Text;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Sockets;

namespace OpenClaw.Contract.Tests.Sockets;

/// <summary>What a client may send, and what is answered to the rest.</summary>
public abstract class FrameTests(DatabaseServers servers) : SocketTest(servers)
{
    private const int MaxFrame = 1024 * 1024;

    public sealed class OnSqlite(Servers servers) : FrameTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : FrameTests(servers.OnPostgres);

    /// <summary>A ping of so many bytes.</summary>
    private static byte[] PingOf(int bytes)
    {
        const string start = """{"type":"ping","more":" """;
        return Encoding.UTF8.GetBytes(start + new string('x', bytes - start.Length - 2) + "\"}");
    }

    [Fact]
    public async Task A_ping_is_answered()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant);

        await socket.SendAsync(Ping, Cancellation);

        Assert.Equal("""{"type":"pong"}""", (await socket.ReadAsync(Cancellation))!.Raw);
    }

    [Theory]
    [InlineData("""{"type":"subscribe","channels":["messages"]}""", """["messages"]""")]
    [InlineData("""{"type":"subscribe","channels":["tasks"]}""", """["tasks"]""")]
    [InlineData("""{"type":"subscribe","channels":["messages","tasks"]}""", """["messages","tasks"]""")]
    public async Task A_subscription_says_what_to_and_from_where(string frame, string channels)
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant);

        var subscribed = await socket.AskAsync(frame, "subscribed", Cancellation);

        Assert.Equal(channels, subscribed.Json.GetProperty("channels").GetRawText());
        Assert.True(subscribed.Seq >= 0, subscribed.Raw);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("no json")]
    [InlineData("null")]
    [InlineData("5")]
    [InlineData("[]")]
    [InlineData("\"ping\"")]
    public async Task What_is_no_object_is_refused_and_the_connection_goes_on(string frame)
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant);

        await IsRefusedAsync(socket, frame, "INVALID_REQUEST");
    }

    [Theory]
    [InlineData("""{}""", "type")]
    [InlineData("""{"type":5}""", "type")]
    [InlineData("""{"type":"dance"}""", "type")]
    [InlineData("""{"type":"PING"}""", "type")]
    [InlineData("""{"type":"subscribe"}""", "channels")]
    [InlineData("""{"type":"subscribe","channels":"messages"}""", "channels")]
    [InlineData("""{"type":"subscribe","channels":[]}""", "channels")]
    [InlineData("""{"type":"subscribe","channels":["news"]}""", "channels[0]")]
    [InlineData("""{"type":"subscribe","channels":["messages",5]}""", "channels[1]")]
    [InlineData("""{"type":"subscribe","channels":["messages"],"after":-1}""", "after")]
    [InlineData("""{"type":"subscribe","channels":["messages"],"after":"1"}""", "after")]
    [InlineData("""{"type":"subscribe","channels":["messages"],"sessionId":5}""", "sessionId")]
    [InlineData("""{"type":"unsubscribe"}""", "channels")]
    [InlineData("""{"type":"unsubscribe","channels":["news"]}""", "channels[0]")]
    [InlineData("""{"type":"message"}""", "content")]
    [InlineData("""{"type":"message","content":""}""", "content")]
    [InlineData("""{"type":"message","content":5}""", "content")]
    [InlineData("""{"type":"message","content":"hello","sessionId":5}""", "sessionId")]
    [InlineData("""{"type":"cancel"}""", "sessionId")]
    public async Task A_frame_that_cannot_be_is_refused_by_its_field_and_the_connection_goes_on(string frame, string field)
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant);

        await IsRefusedAsync(socket, frame, "INVALID_REQUEST", field);

        Assert.Empty((await tenant.Client.GetAsync("/api/sessions", Cancellation)).Json.GetProperty("sessions").EnumerateArray());
    }

    [Theory]
    [InlineData("""{"type":"subscribe","channels":["messages"],"sessionId":"$"}""")]
    [InlineData("""{"type":"message","content":"hello","sessionId":"$"}""")]
    [InlineData("""{"type":"cancel","sessionId":"$"}""")]
    public async Task Another_tenants_session_is_as_unknown_as_none(string frame)
    {
        using var tenant = await NewTenantAsync();
        using var other = await NewTenantAsync();
        var foreign = await TalkAsync(other.Client, "hello");
        await using var socket = await OpenAsync(tenant);

        foreach (var id in new[] { foreign, "sess-none" })
            await IsRefusedAsync(socket, frame.Replace("$", id, StringComparison.Ordinal), "NOT_FOUND");

        Assert.Equal(2, (await other.Client.HistoryAsync(foreign, Cancellation)).Count);
    }

    [Fact]
    public async Task A_key_that_reads_sees_and_neither_sends_nor_cancels()
    {
        using var tenant = await NewTenantAsync(Servers.Endless);
        var (_, key) = await tenant.CreateKeyAsync(["read"], Cancellation);
        var session = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var socket = await SubscribeAsync(tenant, key);
        await using var stream = await tenant.Client.StreamMessageAsync(session, CodeQuestion, Cancellation);
        await socket.ReadUntilAsync(frame => frame.IsMessage("user"), Cancellation);

        await IsRefusedAsync(socket, new { type = "message", content = "hello", sessionId = session, id = "m1" }, "FORBIDDEN", id: "m1");
        await IsRefusedAsync(socket, new { type = "message", content = "hello" }, "FORBIDDEN");
        await IsRefusedAsync(socket, new { type = "cancel", sessionId = session }, "FORBIDDEN");

        Assert.Single((await tenant.Client.GetAsync("/api/sessions", Cancellation)).Json.GetProperty("sessions").EnumerateArray());
        await tenant.Client.DeleteAsync($"/api/sessions/{session}", Cancellation);
    }

    [Fact]
    public async Task A_key_that_writes_sends_and_sees_nothing()
    {
        using var tenant = await NewTenantAsync();
        var (_, key) = await tenant.CreateKeyAsync(["write"], Cancellation);
        await using var socket = await OpenAsync(tenant, key);

        await IsRefusedAsync(socket, BothChannels, "FORBIDDEN");
        await socket.AskAsync(new { type = "message", content = "hello" }, "accepted", Cancellation);
    }

    [Fact]
    public async Task A_refusal_is_in_the_language_of_the_client()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await ApiSocket.OpenAsync(
            tenant.Server.BaseAddress, Cancellation, "", ("Authorization", $"Bearer {tenant.Key}"), ("Accept-Language", "zh-CN"));

        var error = IsRefusal(await socket.AskAsync("""{"type":"message","content":""}""", "error", Cancellation), "INVALID_REQUEST", "content");

        Assert.Equal(("请求参数无效", "不能为空"), (error.GetProperty("message").GetString(), error.GetProperty("details").GetProperty("reason").GetString()));
    }

    [Fact]
    public async Task A_frame_of_a_mebibyte_is_read_and_one_beyond_closes()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant);
        await socket.SendAsync(PingOf(MaxFrame), WebSocketMessageType.Text, true, Cancellation);
        await socket.ReadAsync("pong", Cancellation);

        await Task.WhenAll(SendAllAsync(socket, PingOf(MaxFrame + 1), MaxFrame + 1), socket.ReadToCloseAsync(Cancellation));

        Assert.Equal(1009, socket.CloseCode);
    }

    [Fact]
    public async Task A_frame_in_many_pieces_has_the_same_bound()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant);
        await SendAllAsync(socket, PingOf(MaxFrame), 10_000);
        await socket.ReadAsync("pong", Cancellation);

        await Task.WhenAll(SendAllAsync(socket, PingOf(4 * MaxFrame), 100_000), socket.ReadToCloseAsync(Cancellation));

        Assert.Equal(1009, socket.CloseCode);
    }

    [Fact]
    public async Task A_huge_first_frame_closes_as_well()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await ApiSocket.OpenAsync(tenant.Server.BaseAddress, Cancellation);

        await Task.WhenAll(SendAllAsync(socket, PingOf(2 * MaxFrame), 100_000), socket.ReadToCloseAsync(Cancellation));

        Assert.True(socket.CloseCode is 1009 or Unauthenticated, $"{socket.CloseCode}");
    }

    [Fact]
    public async Task A_binary_frame_closes()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant);

        await socket.SendAsync(Encoding.UTF8.GetBytes(Ping), WebSocketMessageType.Binary, true, Cancellation);

        await socket.ReadToCloseAsync(Cancellation);
        Assert.Equal(1003, socket.CloseCode);
    }

    [Fact]
    public async Task A_client_that_sends_nothing_but_nonsense_is_closed()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant);

        var sending = TryAsync(async () =>
        {
            for (var number = 0; number < 1000 && socket.CloseCode is null; number++) await socket.SendAsync("nonsense", Cancellation);
        });
        await Task.WhenAll(sending, socket.ReadToCloseAsync(Cancellation));

        Assert.Equal(1008, socket.CloseCode);
    }

    [Fact]
    public async Task A_burst_of_a_hundred_frames_is_taken_and_what_is_beyond_is_refused()
    {
        // Not so many that the connection is cut for what was refused in a row.
        const int frames = 145;
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant);
        var since = TimeProvider.System.GetTimestamp();
        for (var number = 0; number < frames; number++) await socket.SendAsync(Ping, Cancellation);

        var answers = new List<SocketFrame>();
        while (answers.Count < frames) answers.Add((await socket.ReadAsync(Cancellation))!);
        var seconds = TimeProvider.System.GetElapsedTime(since).TotalSeconds;

        var pongs = answers.Count(frame => frame.Type == "pong");
        Assert.InRange(pongs, 100, 101 + (20 * seconds));
        Assert.All(answers.Where(frame => frame.Type != "pong"), frame => IsRefusal(frame, "RATE_LIMITED"));
        Assert.True(pongs < frames, "Nothing was refused.");
        await Eventually.IsAsync(
            async () =>
            {
                await socket.SendAsync(Ping, Cancellation);
                return (await socket.ReadAsync(Cancellation))!.Type;
            },
            type => type == "pong",
            Cancellation);
    }

    /// <summary>Sends in pieces; the server may have closed before the last.</summary>
    private static Task SendAllAsync(ApiSocket socket, byte[] bytes, int piece) => TryAsync(async () =>
    {
        for (var start = 0; start < bytes.Length; start += piece)
        {
            var end = Math.Min(bytes.Length, start + piece);
            await socket.SendAsync(bytes[start..end], WebSocketMessageType.Text, end == bytes.Length, Cancellation);
        }
    });

    private static async Task TryAsync(Func<Task> send)
    {
        try
        {
            await send();
        }
        catch (Exception exception) when (exception is WebSocketException or IOException)
        {
            // The close is read beside it.
        }
    }
}
