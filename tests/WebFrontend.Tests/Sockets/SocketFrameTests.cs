using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests.Sockets;

/// <summary>What a client may send, and what becomes of everything else.</summary>
public sealed class SocketFrameTests
{
    private const string Ping = """{"type":"ping"}""";

    [Fact]
    public async Task A_message_is_accepted_as_by_a_post()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenAsync(host);
        var frame = await client.AskAsync("""{"type":"message","sessionId":"sess-abc123","content":"Hello","attachments":[{"type":"file","path":"/a.txt"}],"id":"m1"}""");
        Assert.Equal("""{"type":"accepted","sessionId":"sess-abc123","messageId":"msg-user","turnId":"turn-1","id":"m1"}""", frame.ToJsonString());
        var sent = Assert.Single(host.Session.Sent);
        Assert.Equal(("Hello", Scopes.All), (sent.Content, sent.Scopes));
        Assert.Equal("/a.txt", Assert.Single(sent.Attachments).Path);
        Assert.Equal(1, host.Limit.Acquired);
    }

    [Fact]
    public async Task A_message_without_a_session_makes_one()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenAsync(host);
        var sessionId = (string)(await client.AskAsync("""{"type":"message","content":"Hello"}"""))["sessionId"]!;
        var session = host.Sessions[$"default/s/{sessionId}"];
        Assert.NotNull(session.Session);
        Assert.Equal("Hello", Assert.Single(session.Sent).Content);
    }

    [Fact]
    public async Task A_message_that_its_session_refuses_is_refused_with_its_id()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Session.OnSend = _ => SendResult.Refused(RequestProblems.SessionNotFound);
        await using var client = await SocketClient.OpenAsync(host);
        var frame = await client.AskAsync("""{"type":"message","sessionId":"sess-abc123","content":"Hello","id":"m1"}""");
        Assert.Equal(("error", "NOT_FOUND", "m1"), ((string?)frame["type"], CodeOf(frame), (string?)frame["id"]));
        Assert.Null(frame["seq"]);
        Assert.Null(frame["channel"]);
    }

    [Fact]
    public async Task A_message_beyond_the_tenants_minute_is_refused()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Limit.Decision = new RateLimitDecision(false, 0, 100, 0, 17);
        await using var client = await SocketClient.OpenAsync(host);
        var frame = await client.AskAsync("""{"type":"message","sessionId":"sess-abc123","content":"Hello"}""");
        Assert.Equal(("RATE_LIMITED", 17), (CodeOf(frame), (int)frame["error"]!["retryAfter"]!));
        Assert.Empty(host.Session.Sent);
    }

    [Theory]
    [InlineData("""{"type":"message","content":"Hello"}""")]
    [InlineData("""{"type":"cancel","sessionId":"sess-abc123"}""")]
    public async Task Sending_and_cancelling_need_the_scope_write(string frame)
    {
        await using var host = await FrontendHost.StartAsync();
        host.AddKey("oc_reader", "default", Scopes.Read);
        await using var client = await SocketClient.OpenBareAsync(host, "", ("X-API-Key", "oc_reader"));
        Assert.Equal("FORBIDDEN", CodeOf(await client.AskAsync(frame)));
    }

    [Fact]
    public async Task A_running_turn_can_be_cancelled()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Session.Session = host.Session.Session! with { ActiveTurn = new ActiveTurn("turn-1", FakeSessionGrain.Created, 1, 0) };
        await using var client = await SocketClient.OpenAsync(host);
        Assert.Equal("""{"type":"cancelled","sessionId":"sess-abc123","cancelled":true}""", (await client.AskAsync("""{"type":"cancel","sessionId":"sess-abc123"}""")).ToJsonString());
        Assert.Equal("default", host.Session.CancelledFor);
    }

    [Fact]
    public async Task Cancelling_where_nothing_runs_says_so()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenAsync(host);
        Assert.False((bool)(await client.AskAsync("""{"type":"cancel","sessionId":"sess-abc123"}"""))["cancelled"]!);
        Assert.Equal("NOT_FOUND", CodeOf(await client.AskAsync("""{"type":"cancel","sessionId":"sess-unknown"}""")));
    }

    [Fact]
    public async Task A_ping_is_answered_with_its_id()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenAsync(host);
        Assert.Equal("""{"type":"pong","id":"p1"}""", (await client.AskAsync("""{"type":"ping","id":"p1"}""")).ToJsonString());
    }

    [Theory]
    [InlineData("not JSON", "body")]
    [InlineData("", "body")]
    [InlineData("[]", "body")]
    [InlineData("null", "body")]
    [InlineData("{}", "type")]
    [InlineData("""{"type":7}""", "type")]
    [InlineData("""{"type":"shout"}""", "type")]
    [InlineData("""{"type":"ping","id":7}""", "id")]
    [InlineData("""{"type":"subscribe"}""", "channels")]
    [InlineData("""{"type":"subscribe","channels":[]}""", "channels")]
    [InlineData("""{"type":"subscribe","channels":"messages"}""", "channels")]
    [InlineData("""{"type":"subscribe","channels":["messages","news"]}""", "channels[1]")]
    [InlineData("""{"type":"subscribe","channels":["messages"],"after":-1}""", "after")]
    [InlineData("""{"type":"subscribe","channels":["messages"],"after":"1"}""", "after")]
    [InlineData("""{"type":"subscribe","channels":["tasks"],"sessionId":"sess-abc123"}""", "channels")]
    [InlineData("""{"type":"message"}""", "content")]
    [InlineData("""{"type":"message","content":"\ud800"}""", "content")]
    [InlineData("""{"type":"message","content":"x","attachments":[{"type":"file","path":"a"}]}""", "attachments[0].path")]
    [InlineData("""{"type":"cancel"}""", "sessionId")]
    public async Task A_bad_frame_is_refused_and_the_socket_stays(string frame, string field)
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenAsync(host);
        var answer = await client.AskAsync(frame);
        Assert.Equal(("INVALID_REQUEST", field), (CodeOf(answer), (string?)answer["error"]!["details"]!["field"]));
        Assert.NotNull(answer["error"]!["requestId"]);
        Assert.Equal("pong", (string?)(await client.AskAsync(Ping))["type"]);
    }

    [Fact]
    public async Task Refusals_speak_the_language_of_the_upgrade()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenAsync(host, ("Accept-Language", "zh-CN"));
        Assert.Equal("请求参数无效", (string?)(await client.AskAsync("{}"))["error"]!["message"]);
    }

    [Fact]
    public async Task A_frame_in_pieces_is_one_frame()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenAsync(host);
        await client.Socket.SendAsync(Encoding.UTF8.GetBytes(Ping[..5]), WebSocketMessageType.Text, endOfMessage: false, TestContext.Current.CancellationToken);
        await client.Socket.SendAsync(Encoding.UTF8.GetBytes(Ping[5..]), WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
        Assert.Equal("pong", (string?)(await client.NextAsync())["type"]);
    }

    [Fact]
    public async Task A_frame_of_one_mebibyte_is_taken()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenAsync(host);
        const string Head = """{"type":"ping","padding":" """;
        await client.SendAsync(Head + new string('x', (1024 * 1024) - Head.Length - 2) + "\"}");
        Assert.Equal("pong", (string?)(await client.NextAsync())["type"]);
    }

    [Fact]
    public async Task A_larger_frame_closes_the_socket()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenAsync(host);
        await client.SendAsync(new string('x', (1024 * 1024) + 1));
        Assert.Equal(1009, await client.ClosedAsync());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100_000)]
    public async Task A_binary_frame_closes_the_socket(int length)
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenAsync(host);
        await client.SendAsync(new byte[length], WebSocketMessageType.Binary);
        Assert.Equal(1003, await client.ClosedAsync());
    }

    [Fact]
    public async Task A_frame_that_is_no_UTF_8_ends_the_socket()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenAsync(host);
        await client.SendAsync([0x22, 0xff, 0x22], WebSocketMessageType.Text);
        var ended = await Record.ExceptionAsync(async () => Assert.Equal(1007, await client.ClosedAsync()));
        Assert.True(ended is null or WebSocketException, ended?.Message);
    }

    [Fact]
    public async Task Frames_beyond_the_allowance_are_refused_until_it_fills_up()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenAsync(host);
        for (var i = 0; i < 100; i++)
            Assert.Equal("pong", (string?)(await client.AskAsync(Ping))["type"]);
        var refused = await client.AskAsync(Ping);
        Assert.Equal(("RATE_LIMITED", 1), (CodeOf(refused), (int)refused["error"]!["retryAfter"]!));
        host.Time.Advance(TimeSpan.FromMilliseconds(500));
        for (var i = 0; i < 10; i++)
            Assert.Equal("pong", (string?)(await client.AskAsync(Ping))["type"]);
        Assert.Equal("RATE_LIMITED", CodeOf(await client.AskAsync(Ping)));
    }

    [Fact]
    public async Task Too_many_bad_frames_in_a_row_close_the_socket()
    {
        await using var host = await FrontendHost.StartAsync(("OpenClaw:Sockets:MaxBadFrames", "3"));
        await using var client = await SocketClient.OpenAsync(host);
        await client.AskAsync("bad");
        await client.AskAsync("bad");
        await client.AskAsync(Ping);
        await client.AskAsync("bad");
        await client.AskAsync("bad");
        await client.SendAsync("bad");
        Assert.Equal(("INVALID_REQUEST", 1008), await client.RefusedAsync());
    }

    [Fact]
    public async Task A_call_that_fails_is_answered_and_the_socket_stays()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Session.Failure = () => new TimeoutException("The test wants it so.");
        await using var client = await SocketClient.OpenAsync(host);
        var answer = await client.AskAsync("""{"type":"message","sessionId":"sess-abc123","content":"Hello"}""");
        Assert.Equal("INTERNAL_ERROR", CodeOf(answer));
        Assert.DoesNotContain("The test", answer.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("pong", (string?)(await client.AskAsync(Ping))["type"]);
    }

    private static string? CodeOf(JsonNode frame) => (string?)frame["error"]!["code"];
}
