using System.Text.Json.Nodes;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Events;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests.Sockets;

/// <summary>Subscribing to a tenant's channels and to one session.</summary>
public sealed class SocketChannelTests
{
    [Fact]
    public async Task A_subscription_shows_what_happens_from_now_on()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Log.Head = 41;
        await using var client = await SocketClient.OpenAsync(host);
        Assert.Equal("""{"type":"subscribed","channels":["messages","tasks"],"seq":41}""", (await client.AskAsync(SocketClient.SubscribeToAll)).ToJsonString());
        Assert.Equal((TenantId.Default, 41), await host.Events.FollowedAsync());

        host.Events.Publish(Event(FakeTenantEventsGrain.Message(42, 7)));
        Assert.Equal(
            """{"type":"message","channel":"messages","seq":42,"sessionSeq":7,"timestamp":"2026-03-01T00:00:01.000Z","data":{"sessionId":"sess-abc123","role":"assistant","content":"Hello"}}""",
            (await client.NextAsync()).ToJsonString());
    }

    [Fact]
    public async Task Every_event_has_the_type_and_channel_of_the_reference()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.SubscribeAsync(host);
        host.Events.Publish(
            Event(FakeTenantEventsGrain.Of(1, EventTypes.MessageReceived, session: "s", sessionSeq: 1)),
            Event(FakeTenantEventsGrain.Of(2, EventTypes.MessageSent, session: "s", sessionSeq: 2)),
            Event(FakeTenantEventsGrain.Of(3, EventTypes.SkillExecuted)),
            Event(FakeTenantEventsGrain.Of(4, EventTypes.TaskStarted)),
            Event(FakeTenantEventsGrain.Of(5, EventTypes.TaskCompleted)),
            Event(FakeTenantEventsGrain.Of(6, EventTypes.ErrorOccurred, session: "s", sessionSeq: 3)),
            Event(FakeTenantEventsGrain.Of(7, EventTypes.ErrorOccurred)));

        var shown = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            var frame = await client.NextAsync();
            shown.Add($"{frame["seq"]} {frame["type"]} {frame["channel"]}");
        }

        Assert.Equal(["1 message messages", "2 message messages", "4 task.started tasks", "5 task.completed tasks", "6 error messages", "7 error tasks"], shown);
    }

    [Fact]
    public async Task A_channel_that_was_not_subscribed_to_shows_nothing()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenAsync(host);
        await client.AskAsync("""{"type":"subscribe","channels":["tasks"]}""");
        await host.Events.FollowedAsync();
        host.Events.Publish(Event(FakeTenantEventsGrain.Message(1)), Delta("x"), Event(FakeTenantEventsGrain.Of(2, EventTypes.TaskStarted)));
        Assert.Equal(2, (int)(await client.NextAsync())["seq"]!);
    }

    [Fact]
    public async Task Pieces_of_an_answer_come_as_deltas()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.SubscribeAsync(host);
        host.Events.Publish(Delta("Hel"), new TenantFeedItem(null, new TenantDelta
        {
            SessionId = "s", SessionSeq = 3, TurnId = "t", Content = "x = 1", IsCode = true, Language = "python", At = FakeTenantEventsGrain.At,
        }));
        Assert.Equal(
            """{"type":"message.delta","channel":"messages","sessionSeq":2,"timestamp":"2026-03-01T00:00:01.000Z","data":{"sessionId":"sess-abc123","turnId":"turn-1","content":"Hel","kind":"text"}}""",
            (await client.NextAsync()).ToJsonString());
        Assert.Equal("""{"sessionId":"s","turnId":"t","content":"x = 1","kind":"code","language":"python"}""", (await client.NextAsync())["data"]!.ToJsonString());
    }

    [Fact]
    public async Task A_client_that_comes_back_goes_on_after_its_last_seq()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Log.Head = 41;
        await using var client = await SocketClient.OpenAsync(host);
        Assert.Equal("""{"type":"subscribed","channels":["messages"],"seq":30}""", (await client.AskAsync("""{"type":"subscribe","channels":["messages"],"after":30}""")).ToJsonString());
        Assert.Equal((TenantId.Default, 30), await host.Events.FollowedAsync());
    }

    [Fact]
    public async Task A_client_that_was_away_too_long_is_told_what_is_gone()
    {
        await using var host = await FrontendHost.StartAsync();
        (host.Log.First, host.Log.Head) = (20, 41);
        await using var client = await SocketClient.OpenAsync(host);
        Assert.Equal(20, (int)(await client.AskAsync("""{"type":"subscribe","channels":["messages"],"after":3}"""))["firstSeq"]!);
        Assert.Null((await client.AskAsync("""{"type":"subscribe","channels":["messages"],"after":19}"""))["firstSeq"]);
    }

    [Fact]
    public async Task A_seq_beyond_the_last_one_means_from_now_on()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Log.Head = 41;
        await using var client = await SocketClient.OpenAsync(host);
        Assert.Equal(41, (int)(await client.AskAsync("""{"type":"subscribe","channels":["messages"],"after":9000}"""))["seq"]!);
    }

    [Fact]
    public async Task After_unsubscribed_nothing_of_the_channel_comes()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.SubscribeAsync(host);
        Assert.Equal("""{"type":"unsubscribed","channels":["messages"]}""", (await client.AskAsync("""{"type":"unsubscribe","channels":["messages"]}""")).ToJsonString());
        host.Events.Publish(Event(FakeTenantEventsGrain.Message(1)), Event(FakeTenantEventsGrain.Of(2, EventTypes.TaskStarted)));
        Assert.Equal(2, (int)(await client.NextAsync())["seq"]!);
        await client.AskAsync("""{"type":"unsubscribe","channels":["tasks"]}""");
        host.Events.Publish(Event(FakeTenantEventsGrain.Of(3, EventTypes.TaskStarted)));
        Assert.Equal("pong", (string?)(await client.AskAsync("""{"type":"ping"}"""))["type"]);
    }

    [Fact]
    public async Task A_second_subscription_to_a_channel_takes_the_first_ones_place()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.SubscribeAsync(host);
        await client.AskAsync("""{"type":"subscribe","channels":["messages"]}""");
        await host.Events.FollowedAsync();
        host.Events.Publish(Event(FakeTenantEventsGrain.Message(1)));
        Assert.Equal(1, (int)(await client.NextAsync())["seq"]!);
        Assert.Equal("pong", (string?)(await client.AskAsync("""{"type":"ping"}"""))["type"]);
    }

    [Fact]
    public async Task Subscribing_needs_the_scope_read()
    {
        await using var host = await FrontendHost.StartAsync();
        host.AddKey("oc_writer", "default", Scopes.Write);
        await using var client = await SocketClient.OpenBareAsync(host, "", ("X-API-Key", "oc_writer"));
        Assert.Equal("FORBIDDEN", (string?)(await client.AskAsync(SocketClient.SubscribeToAll))["error"]!["code"]);
    }

    [Fact]
    public async Task A_log_that_cannot_be_read_closes_the_socket()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.SubscribeAsync(host);
        host.Events.Fail(new InvalidOperationException("The test wants it so."));
        Assert.Equal(1011, await client.ClosedAsync());
    }

    [Fact]
    public async Task One_session_is_followed_by_its_own_log()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Log.Head = 9;
        host.Log.Events.Add(FakeTenantEventsGrain.Message(9, 14));
        await using var client = await SocketClient.OpenAsync(host);
        Assert.Equal(
            """{"type":"subscribed","channels":["messages"],"seq":9,"sessionId":"sess-abc123","sessionSeq":0}""",
            (await client.AskAsync("""{"type":"subscribe","channels":["messages"],"sessionId":"sess-abc123","after":10}""")).ToJsonString());
        await host.Feed.Followed;
        host.Feed.Publish(
            new SessionFrame(11, "turn-1", new MessageFrame("msg-1", "Hi")),
            new SessionFrame(12, "turn-1", new TextFrame("Hel")),
            new SessionFrame(13, "turn-1", new CodeFrame("x", "python")),
            new SessionFrame(14, "turn-1", new DoneFrame("msg-2", TokenUsage.Zero, "stop")));

        var user = await client.NextAsync();
        Assert.Equal("""{"type":"message","channel":"messages","sessionSeq":11,"data":{"sessionId":"sess-abc123","messageId":"msg-1","turnId":"turn-1","role":"user","content":"Hi","sessionSeq":11}}""", user.ToJsonString());
        Assert.Equal(("message.delta", 12, "text"), DeltaOf(await client.NextAsync()));
        Assert.Equal(("message.delta", 13, "code"), DeltaOf(await client.NextAsync()));
        var answer = await client.NextAsync();
        Assert.Equal((9, 14), ((int)answer["seq"]!, (int)answer["sessionSeq"]!));
        Assert.Equal("2026-03-01T00:00:01.000Z", (string?)answer["timestamp"]);
    }

    [Fact]
    public async Task A_failed_turn_of_a_session_is_an_error()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenAsync(host);
        await client.AskAsync("""{"type":"subscribe","channels":["messages"],"sessionId":"sess-abc123"}""");
        await host.Feed.Followed;
        host.Feed.Publish(new SessionFrame(5, "turn-1", new ErrorFrame(RequestProblems.Unexpected)));
        var frame = await client.NextAsync();
        Assert.Equal("error", (string?)frame["type"]);
        Assert.Equal("INTERNAL_ERROR", (string?)frame["data"]!["error"]!["code"]);
        Assert.Equal("session", (string?)frame["data"]!["source"]);
    }

    [Fact]
    public async Task An_old_answer_is_written_from_the_session()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Session.Answer = new TurnAnswer { MessageId = "msg-2", Content = new string('x', 70_000), Usage = TokenUsage.Zero, FinishReason = "stop" };
        await using var client = await SocketClient.OpenAsync(host);
        await client.AskAsync("""{"type":"subscribe","channels":["messages"],"sessionId":"sess-abc123"}""");
        await host.Feed.Followed;
        host.Feed.Publish(new SessionFrame(5, "turn-1", new DoneFrame("msg-2", TokenUsage.Zero, "stop")));
        var data = (await client.NextAsync())["data"]!;
        Assert.Equal(("assistant", 65536, true), ((string)data["role"]!, ((string)data["content"]!).Length, (bool)data["contentTruncated"]!));
    }

    [Fact]
    public async Task A_session_that_is_deleted_ends_its_subscription()
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenAsync(host);
        await client.AskAsync("""{"type":"subscribe","channels":["messages"],"sessionId":"sess-abc123"}""");
        await host.Feed.Followed;
        host.Feed.End();
        Assert.Equal("""{"type":"unsubscribed","channels":["messages"],"sessionId":"sess-abc123"}""", (await client.NextAsync()).ToJsonString());
    }

    [Theory]
    [InlineData("sess-unknown")]
    [InlineData("../other")]
    public async Task A_session_that_is_not_the_tenants_cannot_be_followed(string sessionId)
    {
        await using var host = await FrontendHost.StartAsync();
        await using var client = await SocketClient.OpenAsync(host);
        var frame = await client.AskAsync($$"""{"type":"subscribe","channels":["messages"],"sessionId":"{{sessionId}}"}""");
        Assert.Equal(("NOT_FOUND", "sessionId"), ((string?)frame["error"]!["code"], (string?)frame["error"]!["details"]!["field"]));
    }

    [Fact]
    public async Task A_socket_follows_only_so_many_sessions()
    {
        await using var host = await FrontendHost.StartAsync(("OpenClaw:Sockets:MaxSessions", "1"));
        await host.AddSessionAsync("default/s/sess-2");
        await using var client = await SocketClient.OpenAsync(host);
        Assert.Equal("subscribed", (string?)(await client.AskAsync("""{"type":"subscribe","channels":["messages"],"sessionId":"sess-abc123"}"""))["type"]);
        Assert.Equal("error", (string?)(await client.AskAsync("""{"type":"subscribe","channels":["messages"],"sessionId":"sess-2"}"""))["type"]);
        await client.AskAsync("""{"type":"unsubscribe","channels":["messages"],"sessionId":"sess-abc123"}""");
        Assert.Equal("subscribed", (string?)(await client.AskAsync("""{"type":"subscribe","channels":["messages"],"sessionId":"sess-2"}"""))["type"]);
    }

    private static TenantFeedItem Event(TenantEvent one) => new(one, null);

    private static TenantFeedItem Delta(string content) => new(null, new TenantDelta
    {
        SessionId = FrontendHost.SessionId, SessionSeq = 2, TurnId = "turn-1", Content = content, At = FakeTenantEventsGrain.At,
    });

    private static (string?, int, string?) DeltaOf(JsonNode frame) => ((string?)frame["type"], (int)frame["sessionSeq"]!, (string?)frame["data"]!["kind"]);
}
