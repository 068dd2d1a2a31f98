using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Sockets;

/// <summary>Messages that are sent and turns that are cancelled over the connection.</summary>
public abstract class SendTests(DatabaseServers servers) : SocketTest(servers)
{
    public sealed class OnSqlite(Servers servers) : SendTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : SendTests(servers.OnPostgres);

    [Fact]
    public async Task A_message_without_a_session_begins_one()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await SubscribeAsync(tenant);
        await socket.SendAsync("""{"type":"message","content":"你好","id":"m1"}""", Cancellation);

        var frames = await socket.ReadUntilAllAsync(
            frames => frames.Exists(frame => frame.Type == "accepted") && frames.Exists(frame => frame.IsMessage("assistant")), Cancellation);

        var accepted = Assert.Single(frames, frame => frame.Type == "accepted");
        var session = accepted.Text("sessionId")!;
        Assert.Equal("m1", accepted.Text("id"));
        var told = Assert.Single(frames, frame => frame.IsMessage("user"));
        Assert.Equal(
            (session, "你好", accepted.Text("messageId"), accepted.Text("turnId")),
            (told.DataText("sessionId"), told.DataText("content"), told.DataText("messageId"), told.DataText("turnId")));
        var answer = Assert.Single(frames, frame => frame.IsMessage("assistant"));
        Assert.Equal((session, accepted.Text("turnId")), (answer.DataText("sessionId"), answer.DataText("turnId")));
        var history = await tenant.Client.HistoryAsync(session, Cancellation);
        Assert.Equal(["你好", answer.DataText("content")], history.Select(message => message.GetProperty("content").GetString()));
        Assert.Equal(200, (await tenant.Client.GetSessionAsync(session, Cancellation)).Status);
    }

    [Fact]
    public async Task A_message_to_a_session_goes_on_with_it()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await SubscribeAsync(tenant);
        var session = await TalkAsync(tenant.Client, "over HTTP");
        await socket.ReadUntilAsync(frame => IsAnswer(frame, session), Cancellation);

        var accepted = await socket.AskAsync(new { type = "message", content = "over the connection", sessionId = session }, "accepted", Cancellation);

        Assert.Equal(session, accepted.Text("sessionId"));
        Assert.Null(accepted.Text("id"));
        await using var whole = await SubscribeAsync(tenant, after: 0);
        await whole.ReadUntilAsync(frame => IsAnswer(frame, session) && frame.DataText("turnId") == accepted.Text("turnId"), Cancellation);
        Assert.Equal(4, (await tenant.Client.HistoryAsync(session, Cancellation)).Count);
    }

    [Fact]
    public async Task A_message_is_answered_although_its_sender_is_not_subscribed_and_leaves()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        string session;
        await using (var socket = await OpenAsync(tenant))
            session = (await socket.AskAsync("""{"type":"message","content":"hello"}""", "accepted", Cancellation)).Text("sessionId")!;

        var frames = await tenant.Client.ReplayAsync(session, 1, Cancellation);

        Assert.Equal("stop", frames[^1].Text("finishReason"));
    }

    [Fact]
    public async Task A_refused_message_is_named_by_its_id()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant);

        await IsRefusedAsync(socket, """{"type":"message","content":"","id":"m7"}""", "INVALID_REQUEST", "content", "m7");
        await IsRefusedAsync(socket, """{"type":"message","content":"hello","sessionId":"sess-none","id":"m8"}""", "NOT_FOUND", id: "m8");
    }

    [Fact]
    public async Task Messages_count_with_those_over_HTTP()
    {
        using var tenant = await NewTenantAsync();
        await tenant.LimitMessagesAsync(2, Cancellation);
        await using var socket = await OpenAsync(tenant);
        var session = await TalkAsync(tenant.Client, "the first");
        await socket.AskAsync(new { type = "message", content = "the second", sessionId = session }, "accepted", Cancellation);

        var refusal = await socket.AskAsync(new { type = "message", content = "the third", sessionId = session, id = "m3" }, "error", Cancellation);

        var error = IsRefusal(refusal, "RATE_LIMITED", id: "m3");
        Assert.InRange(error.GetProperty("retryAfter").GetInt32(), 1, 60);
        ErrorAssert.IsRateLimited(await tenant.Client.SendMessageAsync(session, "the fourth", Cancellation), 2);
        await socket.AskAsync(Ping, "pong", Cancellation);
    }

    [Fact]
    public async Task A_turn_is_cancelled_and_what_it_said_stays()
    {
        using var tenant = await NewTenantAsync(Servers.Endless);
        await using var socket = await SubscribeAsync(tenant);
        var accepted = await socket.AskAsync(new { type = "message", content = CodeQuestion }, "accepted", Cancellation);
        var session = accepted.Text("sessionId")!;
        var before = await socket.ReadAsync("message.delta", Cancellation);
        await socket.SendAsync(new { type = "cancel", sessionId = session }, Cancellation);

        var frames = await socket.ReadUntilAllAsync(
            frames => frames.Exists(frame => frame.Type == "cancelled") && frames.Exists(frame => IsAnswer(frame, session)), Cancellation);

        var answer = frames.Find(frame => IsAnswer(frame, session))!;
        Assert.Equal($$"""{"type":"cancelled","sessionId":"{{session}}","cancelled":true}""", frames.Find(frame => frame.Type == "cancelled")!.Raw);
        Assert.Equal("cancelled", answer.DataText("finishReason"));
        Assert.StartsWith(before.DataText("content")!.Trim(), answer.DataText("content")!.Trim(), StringComparison.Ordinal);
        Assert.Equal("idle", (await tenant.Client.GetSessionAsync(session, Cancellation)).Text("status"));
    }

    [Fact]
    public async Task A_session_without_a_turn_has_nothing_to_cancel()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant);
        var session = await TalkAsync(tenant.Client, "hello");

        var cancelled = await socket.AskAsync(new { type = "cancel", sessionId = session }, "cancelled", Cancellation);

        Assert.Equal($$"""{"type":"cancelled","sessionId":"{{session}}","cancelled":false}""", cancelled.Raw);
    }

    [Fact]
    public async Task Messages_over_one_connection_keep_their_order()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await SubscribeAsync(tenant);
        var session = await tenant.Client.CreateSessionAsync(Cancellation);
        for (var number = 1; number <= 5; number++)
            await socket.SendAsync(new { type = "message", content = $"{number}", sessionId = session, id = $"m{number}" }, Cancellation);

        var frames = await socket.ReadUntilAllAsync(
            frames => frames.Count(frame => IsAnswer(frame, session)) == 5 && frames.Count(frame => frame.Type == "accepted") == 5, Cancellation);

        Assert.Equal(["m1", "m2", "m3", "m4", "m5"], frames.Where(frame => frame.Type == "accepted").Select(frame => frame.Text("id")));
        Assert.Equal(["1", "2", "3", "4", "5"], frames.Where(frame => frame.IsMessage("user")).Select(frame => frame.DataText("content")));
        Assert.Equal(10, (await tenant.Client.HistoryAsync(session, Cancellation)).Count);
    }

    [Fact]
    public async Task A_failed_frame_keeps_the_next_from_nothing()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant);
        foreach (var frame in new[] { "nonsense", """{"type":"dance"}""", """{"type":"message","content":""}""", """{"type":"message","content":"hello"}""" })
            await socket.SendAsync(frame, Cancellation);

        var frames = await socket.ReadUntilAsync(frame => frame.Type == "accepted", Cancellation);

        Assert.Equal(["error", "error", "error", "accepted"], frames.Select(frame => frame.Type));
    }
}
