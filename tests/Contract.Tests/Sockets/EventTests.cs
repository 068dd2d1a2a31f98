using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Sockets;

namespace OpenClaw.Contract.Tests.Sockets;

/// <summary>What is told to whoever is subscribed, while it happens.</summary>
public abstract class EventTests(DatabaseServers servers) : SocketTest(servers)
{
    public sealed class OnSqlite(Servers servers) : EventTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : EventTests(servers.OnPostgres);

    private static string? TurnOf(SocketFrame frame) => frame.DataText("turnId");

    [Fact]
    public async Task A_message_its_answer_in_pieces_and_the_whole_answer_are_told_in_this_order()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await SubscribeAsync(tenant);
        var session = await TalkAsync(tenant.Client, CodeQuestion);

        var frames = await socket.ReadUntilAsync(frame => IsAnswer(frame, session), Cancellation);

        var history = await tenant.Client.HistoryAsync(session, Cancellation);
        var (first, last) = (frames[0], frames[^1]);
        Assert.True(first.IsMessage("user"), first.Raw);
        Assert.Equal((CodeQuestion, history[0].GetProperty("messageId").GetString()), (first.DataText("content"), first.DataText("messageId")));
        Assert.Equal(
            (history[1].GetProperty("content").GetString(), history[1].GetProperty("messageId").GetString(), "stop"),
            (last.DataText("content"), last.DataText("messageId"), last.DataText("finishReason")));
        Shape.Has(last.Data, "actions", "usage");
        var deltas = frames[1..^1];
        Assert.True(deltas.Count > 1, "The answer comes in pieces.");
        Assert.All(deltas, delta =>
        {
            Assert.Equal(("message.delta", "messages", session), (delta.Type, delta.Text("channel"), delta.DataText("sessionId")));
            Assert.Null(delta.Seq);
            Assert.True(delta.DataText("kind") is "text" or "code", delta.Raw);
            Assert.Equal(delta.DataText("kind") == "code", delta.DataText("language") is not null);
            Shape.IsRecentTime(delta.Json.GetProperty("timestamp"));
        });
        Assert.Contains(deltas, delta => delta.DataText("kind") == "code");
        Assert.Equal(Transcript.Bare(last.DataText("content")!), Transcript.Bare(string.Concat(deltas.Select(delta => delta.DataText("content")))));
        Assert.Single(frames.Select(TurnOf).Distinct());
        Assert.All(frames, frame => Assert.Equal("messages", frame.Text("channel")));
        var sessionSeqs = frames.ConvertAll(frame => frame.SessionSeq!.Value);
        Assert.Equal(sessionSeqs.Order().Distinct(), sessionSeqs);
        Assert.True(last.Seq > first.Seq, last.Raw);
    }

    [Fact]
    public async Task The_pieces_are_the_frames_of_the_sessions_stream()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await SubscribeAsync(tenant);
        var session = await TalkAsync(tenant.Client, CodeQuestion);

        var deltas = (await socket.ReadUntilAsync(frame => IsAnswer(frame, session), Cancellation)).Where(frame => frame.Type == "message.delta");

        var stream = (await tenant.Client.ReplayAsync(session, 1, Cancellation)).Where(frame => frame.Type is "text" or "code");
        Assert.Equal(
            stream.Select(frame => ((long?)frame.Seq, frame.Text("type"), frame.Text("content"), frame.Text("language"))),
            deltas.Select(delta => (delta.SessionSeq, delta.DataText("kind"), delta.DataText("content"), delta.DataText("language"))));
    }

    [Fact]
    public async Task Pieces_come_while_the_answer_is_written()
    {
        using var tenant = await NewTenantAsync(Servers.Endless);
        await using var socket = await SubscribeAsync(tenant);
        var session = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var stream = await tenant.Client.StreamMessageAsync(session, CodeQuestion, Cancellation);

        var delta = await socket.ReadAsync("message.delta", Cancellation);

        Assert.Equal(session, delta.DataText("sessionId"));
        Assert.Equal("active", (await tenant.Client.GetSessionAsync(session, Cancellation)).Text("status"));
        await tenant.Client.DeleteAsync($"/api/sessions/{session}", Cancellation);
    }

    [Fact]
    public async Task A_task_is_told_of_when_it_starts_and_when_it_is_completed()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await SubscribeAsync(tenant);
        var (taskId, runId) = await RunTaskAsync(tenant.Client, MessageAction("from the task"), "每天");

        var frames = (await socket.ReadUntilAsync(frame => frame.Type == "task.completed", Cancellation)).FindAll(frame => frame.IsEvent);

        Assert.Equal(["task.started", "message", "message", "task.completed"], frames.Select(frame => frame.Type));
        Assert.Equal(["tasks", "messages", "messages", "tasks"], frames.Select(frame => frame.Text("channel")));
        Assert.Equal(frames.Select(frame => frame.Seq).Order().Distinct(), frames.Select(frame => frame.Seq));
        var (started, completed) = (frames[0].Data, frames[^1].Data);
        var run = Assert.Single(await tenant.Client.ListAsync($"/api/tasks/{taskId}/runs", "runs", Cancellation));
        foreach (var data in new[] { started, completed })
        {
            Shape.Has(data, "taskId", "runId", "name", "scheduledFor", "startedAt", "trigger");
            Assert.Equal(
                (taskId, runId, "每天", "manual"),
                (data.GetProperty("taskId").GetString(), data.GetProperty("runId").GetString(), data.GetProperty("name").GetString(), data.GetProperty("trigger").GetString()));
            Assert.Equal(Shape.Time(run, "scheduledFor"), Shape.Time(data, "scheduledFor"));
        }

        Shape.Has(completed, "finishedAt", "status", "attempt", "result");
        Assert.Equal(("succeeded", 1), (completed.GetProperty("status").GetString(), completed.GetProperty("attempt").GetInt32()));
        Assert.Equal(frames[1].DataText("sessionId"), completed.GetProperty("sessionId").GetString());
        Assert.Equal(frames[2].DataText("content"), completed.GetProperty("result").GetProperty("content").GetString());
    }

    [Fact]
    public async Task A_task_that_fails_is_an_error_of_the_log()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await SubscribeAsync(tenant);
        var (taskId, runId) = await RunTaskAsync(tenant.Client, MissingSkill);

        var frames = await socket.ReadUntilAsync(frame => frame.Type == "error", Cancellation);

        var error = frames[^1];
        Assert.True(error.IsEvent, error.Raw);
        Assert.Equal(("task", taskId, runId), (error.DataText("source"), error.DataText("taskId"), error.DataText("runId")));
        Assert.False(error.Data.GetProperty("paused").GetBoolean());
        Assert.Contains("not-there", error.Data.GetProperty("error").GetRawText(), StringComparison.Ordinal);
        Assert.Equal("failed", (frames.Find(frame => frame.Type == "task.completed") ?? await socket.ReadAsync("task.completed", Cancellation)).DataText("status"));
    }

    [Theory]
    [InlineData("messages", "message")]
    [InlineData("tasks", "task.started", "task.completed")]
    public async Task A_channel_carries_its_own_events_alone(string channel, params string[] types)
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant);
        await socket.AskAsync(new { type = "subscribe", channels = new[] { channel } }, "subscribed", Cancellation);
        await using var both = await SubscribeAsync(tenant);
        await TalkAsync(tenant.Client, "first");
        await RunTaskAsync(tenant.Client, MessageAction("second"));
        var last = (await both.ReadUntilAsync(frame => frame.Type == "task.completed", Cancellation))
            .FindLast(frame => frame.IsEvent && frame.Text("channel") == channel)!;

        var frames = await socket.ReadUntilAsync(frame => frame.Seq == last.Seq, Cancellation);

        Assert.All(frames, frame => Assert.Equal(channel, frame.Text("channel")));
        Assert.Equal(types, frames.Where(frame => frame.IsEvent).Select(frame => frame.Type).Distinct());
    }

    [Fact]
    public async Task What_a_client_has_left_is_told_no_more()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await SubscribeAsync(tenant);

        var left = await socket.AskAsync("""{"type":"unsubscribe","channels":["messages"]}""", "unsubscribed", Cancellation);
        await TalkAsync(tenant.Client, "unheard");
        await RunTaskAsync(tenant.Client, MissingSkill);
        var frames = await socket.ReadUntilAsync(frame => frame.Type == "task.completed", Cancellation);

        Assert.Equal("""{"type":"unsubscribed","channels":["messages"]}""", left.Raw);
        Assert.DoesNotContain(frames, frame => frame.Text("channel") == "messages" && frame.Type != "error");
    }

    [Fact]
    public async Task A_client_that_has_not_subscribed_is_told_nothing()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await OpenAsync(tenant);
        await TalkAsync(tenant.Client, "unheard");

        await socket.SendAsync(Ping, Cancellation);

        Assert.Equal("pong", (await socket.ReadAsync(Cancellation))!.Type);
    }

    [Fact]
    public async Task Everybody_is_told_the_same()
    {
        using var tenant = await NewTenantAsync();
        await using var one = await SubscribeAsync(tenant);
        await using var other = await SubscribeAsync(tenant);
        var session = await TalkAsync(tenant.Client, CodeQuestion);

        var toOne = await one.ReadUntilAsync(frame => IsAnswer(frame, session), Cancellation);
        var toOther = await other.ReadUntilAsync(frame => IsAnswer(frame, session), Cancellation);

        Assert.Equal(toOne.Select(frame => frame.Raw), toOther.Select(frame => frame.Raw));
    }

    [Fact]
    public async Task Another_tenant_is_told_nothing()
    {
        using var tenant = await NewTenantAsync();
        using var other = await NewTenantAsync();
        await using var socket = await SubscribeAsync(tenant);
        await using var theirs = await SubscribeAsync(other);
        await TalkAsync(other.Client, "theirs");
        await RunTaskAsync(other.Client, MissingSkill, "theirs");
        await theirs.ReadUntilAsync(frame => frame.Type == "task.completed", Cancellation);
        var session = await TalkAsync(tenant.Client, "mine");

        var frames = await socket.ReadUntilAsync(frame => IsAnswer(frame, session), Cancellation);

        Assert.All(frames, frame => Assert.Equal(session, frame.DataText("sessionId")));
        await using var whole = await SubscribeAsync(tenant, after: 0);
        var replayed = (await whole.ReadUntilAsync(frame => IsAnswer(frame, session), Cancellation)).Where(frame => frame.IsEvent);
        Assert.All(replayed, frame => Assert.Equal(session, frame.DataText("sessionId")));
    }

    [Fact]
    public async Task A_subscription_to_a_session_is_told_of_that_session_alone()
    {
        using var tenant = await NewTenantAsync();
        var mine = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var socket = await OpenAsync(tenant);

        var subscribed = await socket.AskAsync(new { type = "subscribe", channels = Messages, sessionId = mine }, "subscribed", Cancellation);
        await TalkAsync(tenant.Client, "elsewhere");
        await TalkAsync(tenant.Client, "here", mine);
        var frames = await socket.ReadUntilAsync(frame => IsAnswer(frame, mine), Cancellation);

        Assert.Equal(mine, subscribed.Text("sessionId"));
        Assert.Equal(JsonValueKind.Number, subscribed.Json.GetProperty("sessionSeq").ValueKind);
        Assert.Equal(JsonValueKind.Number, subscribed.Json.GetProperty("seq").ValueKind);
        Assert.All(frames, frame => Assert.Equal(mine, frame.DataText("sessionId")));
        Assert.Equal("here", frames[0].DataText("content"));
    }
}
