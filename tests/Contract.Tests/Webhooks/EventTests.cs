using System.Text;
using System.Text.Json;
using OpenClaw.Contract.Tests.SkillTurns;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Webhooks;

/// <summary>What each event tells, and to whom.</summary>
public abstract class EventTests(DatabaseServers servers) : WebhookTest(servers)
{
    /// <summary>Bytes of UTF-8 of a content that an event tells.</summary>
    private const int ToldContent = 64 * 1024;

    public sealed class OnSqlite(Servers servers) : EventTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : EventTests(servers.OnPostgres);

    private static void IsTurns(JsonElement data, string sessionId)
    {
        Shape.Has(data, "sessionId", "messageId", "turnId", "role", "content", "sessionSeq");
        Assert.Equal(sessionId, Text(data, "sessionId"));
        Assert.False(string.IsNullOrEmpty(Text(data, "turnId")), data.GetRawText());
    }

    [Fact]
    public async Task A_message_and_its_answer_are_told_as_the_history_has_them()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await CreateAsync(tenant.Client, "*", receiver.Url());
        var session = await tenant.Client.CreateSessionAsync(Cancellation);
        var answer = SessionCalls.Require(await tenant.Client.SendMessageAsync(session, "run `echo hello`", Cancellation), 200);

        var received = (await receiver.WaitForAsync("message.received", Cancellation)).Data;
        var sent = (await receiver.WaitForAsync("message.sent", Cancellation)).Data;

        IsTurns(received, session);
        IsTurns(sent, session);
        var history = await tenant.Client.HistoryAsync(session, Cancellation);
        Assert.Equal(("user", "run `echo hello`", Text(history[0], "messageId")), (Text(received, "role"), Text(received, "content"), Text(received, "messageId")));
        Assert.Equal(("assistant", Text(history[1], "content"), answer.Text("messageId")), (Text(sent, "role"), Text(sent, "content"), Text(sent, "messageId")));
        Assert.Equal(Text(received, "turnId"), Text(sent, "turnId"));
        Assert.True(sent.GetProperty("sessionSeq").GetInt64() > received.GetProperty("sessionSeq").GetInt64());
        Assert.Equal(history[1].GetProperty("actions").GetRawText(), sent.GetProperty("actions").GetRawText());
        Assert.Equal("command_executed", Text(sent.GetProperty("actions")[0], "type"));
        Assert.Equal(answer.Json.GetProperty("usage").GetRawText(), sent.GetProperty("usage").GetRawText());
        Assert.Equal("stop", Text(sent, "finishReason"));
        Assert.False(HasValue(received, "contentTruncated") || HasValue(sent, "contentTruncated"), $"{received}\n{sent}");
    }

    [Fact]
    public async Task A_message_tells_of_its_attachments()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await CreateAsync(tenant.Client, "message.received", receiver.Url());
        SessionCalls.Require(await tenant.Client.PostAsync("/api/files/write", new { path = "/Documents/notes.md", content = "x" }, Cancellation), 200);
        var session = await tenant.Client.CreateSessionAsync(Cancellation);
        var body = new { content = "look", attachments = new[] { new { type = "file", path = "/Documents/notes.md" } } };
        SessionCalls.Require(await tenant.Client.PostAsync($"/api/sessions/{session}/messages", body, Cancellation), 200);

        var received = await receiver.WaitForAsync("message.received", Cancellation);

        var attachment = Assert.Single(received.Data.GetProperty("attachments").EnumerateArray());
        Assert.Equal(("file", "/Documents/notes.md"), (Text(attachment, "type"), Text(attachment, "path")));
    }

    [Fact]
    public async Task A_streamed_message_is_told_of_as_any_other()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await CreateAsync(tenant.Client, "message.sent", receiver.Url());
        var session = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var stream = await tenant.Client.StreamMessageAsync(session, CodeQuestion, Cancellation);
        var done = (await stream.ReadToEndAsync(Cancellation))[^1];

        var sent = await receiver.WaitForAsync("message.sent", Cancellation);

        Assert.Equal(done.Text("messageId"), Text(sent.Data, "messageId"));
        Assert.Equal(done.TurnId, Text(sent.Data, "turnId"));
        Assert.Equal(Text((await tenant.Client.HistoryAsync(session, Cancellation))[1], "content"), Text(sent.Data, "content"));
    }

    [Fact]
    public async Task A_cancelled_answer_is_told_of_as_far_as_it_came()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync(Servers.Slow);
        await CreateAsync(tenant.Client, "message.sent", receiver.Url());
        var session = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var stream = await tenant.Client.StreamMessageAsync(session, CodeQuestion, Cancellation);
        await stream.ReadUntilAsync(frame => frame.Type == "text", Cancellation);
        SessionCalls.Require(await tenant.Client.PostAsync($"/api/sessions/{session}/cancel", null, Cancellation), 200);

        var sent = await receiver.WaitForAsync("message.sent", Cancellation);

        Assert.Equal("cancelled", Text(sent.Data, "finishReason"));
        Assert.Equal(Text((await tenant.Client.HistoryAsync(session, Cancellation))[1], "content"), Text(sent.Data, "content"));
    }

    [Fact]
    public async Task A_long_content_is_cut_at_a_whole_character_and_says_so()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await CreateAsync(tenant.Client, "message.received", receiver.Url());
        await TalkAsync(tenant.Client, "x" + new string('汉', 30_000));
        await TalkAsync(tenant.Client, new string('y', ToldContent));

        var received = (await receiver.WaitAsync(2, _ => true, Cancellation)).OrderBy(webhook => Text(webhook.Data, "content"), StringComparer.Ordinal).ToList();

        var cut = Text(received[0].Data, "content");
        Assert.Equal("x" + new string('汉', cut.Length - 1), cut);
        Assert.InRange(Encoding.UTF8.GetByteCount(cut), ToldContent - 3, ToldContent);
        Assert.True(received[0].Data.GetProperty("contentTruncated").GetBoolean());
        Assert.Equal(new string('y', ToldContent), Text(received[1].Data, "content"));
        Assert.False(HasValue(received[1].Data, "contentTruncated"));
    }

    [Fact]
    public async Task An_executed_skill_is_told_of_as_its_run_is_listed()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await InstallEchoAsync(tenant.Client);
        await CreateAsync(tenant.Client, "skill.executed", receiver.Url());
        SessionCalls.Require(
            await tenant.Client.PostAsync("/api/skills/echo/execute", new { action = "say", @params = new { text = "not to be told" } }, Cancellation), 200);

        var webhook = await receiver.WaitForAsync("skill.executed", Cancellation);

        var run = Assert.Single(await tenant.Client.ListAsync("/api/skills/echo/runs", "runs", Cancellation));
        Shape.Has(webhook.Data, "skill", "action", "version", "runId", "status", "durationMs", "startedAt");
        Assert.Equal(
            ("echo", "say", "1.0.0", Text(run, "runId"), "succeeded"),
            (Text(webhook.Data, "skill"), Text(webhook.Data, "action"), Text(webhook.Data, "version"), Text(webhook.Data, "runId"), Text(webhook.Data, "status")));
        Assert.Equal(Shape.Time(run, "startedAt"), Shape.Time(webhook.Data, "startedAt"));
        Assert.True(webhook.Data.GetProperty("durationMs").GetInt64() >= 0);
        Assert.False(HasValue(webhook.Data, "error") || HasValue(webhook.Data, "sessionId"), webhook.ToString());
    }

    [Fact]
    public async Task A_skill_that_failed_is_told_of_and_one_that_was_refused_is_not()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await SkillFolders.InstallAsync(
            tenant.Client, "broken", Cancellation,
            ("SKILL.md", SkillFolders.Manifest("broken", "Fails.", "Do not call it.")),
            ("actions.json", """{"actions":[{"name":"fail","runner":{"type":"command","command":["bash","-c","echo the ink is dry >&2; exit 7"]}}]}"""));
        await CreateAsync(tenant.Client, "skill.executed", receiver.Url());
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync("/api/skills/broken/execute", new { action = "none" }, Cancellation), "action");
        SessionCalls.Require(await tenant.Client.PostAsync("/api/skills/broken/execute", new { action = "fail" }, Cancellation), 200);

        var webhook = await receiver.WaitForAsync("skill.executed", Cancellation);

        Assert.Equal(("broken", "fail", "failed"), (Text(webhook.Data, "skill"), Text(webhook.Data, "action"), Text(webhook.Data, "status")));
        Assert.Contains("the ink is dry", webhook.Data.GetProperty("error").GetRawText(), StringComparison.Ordinal);
        Assert.Single(receiver.Received);
    }

    [Fact]
    public async Task A_completed_task_is_told_of_as_its_run_is_listed()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await InstallEchoAsync(tenant.Client);
        await CreateAsync(tenant.Client, "task.completed", receiver.Url());
        var (taskId, runId) = await RunTaskAsync(tenant.Client, new { type = "skill", name = "echo", action = "say", @params = new { text = "回声" } }, "每天");

        var data = (await receiver.WaitForAsync("task.completed", Cancellation)).Data;

        var run = Assert.Single(await tenant.Client.ListAsync($"/api/tasks/{taskId}/runs", "runs", Cancellation));
        Shape.Has(data, "taskId", "runId", "name", "scheduledFor", "startedAt", "trigger", "finishedAt", "status", "attempt", "result");
        Assert.Equal(
            (taskId, runId, "每天", "manual", "succeeded", 1),
            (Text(data, "taskId"), Text(data, "runId"), Text(data, "name"), Text(data, "trigger"), Text(data, "status"), data.GetProperty("attempt").GetInt32()));
        foreach (var time in new[] { "scheduledFor", "startedAt", "finishedAt" }) Assert.Equal(Shape.Time(run, time), Shape.Time(data, time));
        Assert.Equal("""{"text":"回声"}""", data.GetProperty("result").GetRawText());
        Assert.False(HasValue(data, "error") || HasValue(data, "resultTruncated"), data.GetRawText());
    }

    [Fact]
    public async Task A_task_that_sends_a_message_tells_of_its_session()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await CreateAsync(tenant.Client, "*", receiver.Url());
        await RunTaskAsync(tenant.Client, new { type = "message", content = "from the task" });

        var completed = (await receiver.WaitForAsync("task.completed", Cancellation)).Data;
        var received = (await receiver.WaitForAsync("message.received", Cancellation)).Data;
        var sent = (await receiver.WaitForAsync("message.sent", Cancellation)).Data;

        Assert.Equal("from the task", Text(received, "content"));
        Assert.Equal(Text(received, "sessionId"), Text(completed, "sessionId"));
        Assert.Equal(Text(sent, "content"), Text(completed.GetProperty("result"), "content"));
        Assert.Equal(Text(sent, "messageId"), Text(completed.GetProperty("result"), "messageId"));
    }

    [Fact]
    public async Task A_big_result_is_left_out_and_says_so()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await SkillFolders.InstallAsync(
            tenant.Client, "big", Cancellation,
            ("SKILL.md", SkillFolders.Manifest("big", "Talks a lot.", "Do not call it.")),
            ("actions.json", """{"actions":[{"name":"talk","runner":{"type":"command","command":["bash","-c","printf '\"'; head -c 70000 /dev/zero | tr '\\0' x; printf '\"'"]}}]}"""));
        await CreateAsync(tenant.Client, "task.completed", receiver.Url());
        var (taskId, _) = await RunTaskAsync(tenant.Client, new { type = "skill", name = "big", action = "talk", @params = new { } });

        var data = (await receiver.WaitForAsync("task.completed", Cancellation)).Data;

        Assert.Equal("succeeded", Text(data, "status"));
        Assert.True(data.GetProperty("resultTruncated").GetBoolean());
        Assert.False(HasValue(data, "result"));
        var run = Assert.Single(await tenant.Client.ListAsync($"/api/tasks/{taskId}/runs", "runs", Cancellation));
        Assert.Equal(new string('x', 70_000), run.GetProperty("result").GetString());
    }

    [Fact]
    public async Task A_task_that_failed_has_completed_and_is_an_error()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await CreateAsync(tenant.Client, "*", receiver.Url());
        var (taskId, runId) = await RunTaskAsync(tenant.Client, new { type = "skill", name = "not-there", @params = new { } }, "doomed");

        var completed = (await receiver.WaitForAsync("task.completed", Cancellation)).Data;
        var error = (await receiver.WaitForAsync("error.occurred", Cancellation)).Data;

        Assert.Equal((taskId, runId, "failed"), (Text(completed, "taskId"), Text(completed, "runId"), Text(completed, "status")));
        Assert.False(HasValue(completed, "result"), completed.GetRawText());
        Assert.Equal(
            ("task", taskId, runId, "doomed", false),
            (Text(error, "source"), Text(error, "taskId"), Text(error, "runId"), Text(error, "name"), error.GetProperty("paused").GetBoolean()));
        foreach (var told in new[] { completed.GetProperty("error"), error.GetProperty("error") })
        {
            Assert.Contains("not-there", told.GetRawText(), StringComparison.Ordinal);
            Assert.False(string.IsNullOrEmpty(Text(told, "code")) || string.IsNullOrEmpty(Text(told, "message")), told.GetRawText());
        }

        Assert.DoesNotContain(receiver.Received, webhook => webhook.Type == "task.started");
    }

    [Fact]
    public async Task A_task_that_is_paused_by_itself_is_an_error()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await CreateAsync(tenant.Client, "error.occurred", receiver.Url());
        var (keyId, key) = await tenant.CreateKeyAsync(["write"], Cancellation);
        using var owner = tenant.ClientWith(key);
        var created = SessionCalls.Require(
            await owner.PostAsync("/api/tasks", new { name = "orphan", schedule = new { everySeconds = 1 }, action = new { type = "message", content = "hello" } }, Cancellation), 201);
        await tenant.Admin.DeleteAsync($"/api/admin/keys/{keyId}", Cancellation);

        var paused = (await receiver.WaitAsync(1, webhook => webhook.Data.GetProperty("paused").GetBoolean(), Cancellation))[0].Data;

        Assert.Equal(("task", created.Text("taskId"), "orphan"), (Text(paused, "source"), Text(paused, "taskId"), Text(paused, "name")));
        Assert.False(string.IsNullOrEmpty(Text(paused.GetProperty("error"), "message")), paused.GetRawText());
    }

    [Fact]
    public async Task What_happened_before_a_webhook_was_created_is_not_sent_to_it()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await TalkAsync(tenant.Client, "before");
        var id = await CreateAsync(tenant.Client, "message.received", receiver.Url());
        await TalkAsync(tenant.Client, "after");

        var received = await receiver.WaitForAsync("message.received", Cancellation);

        Assert.Equal("after", Text(received.Data, "content"));
        Assert.Single(await DeliveriesAsync(tenant.Client, id));
    }

    [Fact]
    public async Task Another_tenants_events_are_not_sent()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        using var other = await NewTenantAsync();
        await CreateAsync(tenant.Client, "*", receiver.Url("/mine"));
        await CreateAsync(other.Client, "*", receiver.Url("/theirs"));
        await TalkAsync(other.Client, "theirs");
        await TalkAsync(tenant.Client, "mine");

        await receiver.WaitAsync(2, webhook => webhook.Path == "/mine", Cancellation);
        await receiver.WaitAsync(2, webhook => webhook.Path == "/theirs", Cancellation);

        Assert.Equal(4, receiver.Received.Count);
        Assert.All(receiver.Received.Where(webhook => webhook.Type == "message.received"), webhook => Assert.Equal($"/{Text(webhook.Data, "content")}", webhook.Path));
    }

    [Fact]
    public async Task A_replayed_request_is_no_second_event()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, "*", receiver.Url());
        var session = await tenant.Client.CreateSessionAsync(Cancellation);
        for (var attempt = 0; attempt < 2; attempt++)
            SessionCalls.Require(await tenant.Client.SendMessageAsync(session, "once", Cancellation, null, ("Idempotency-Key", "k")), 200);
        SessionCalls.Require(await tenant.Client.SendMessageAsync(session, "last", Cancellation), 200);

        await receiver.WaitAsync(4, _ => true, Cancellation);

        var deliveries = await DeliveriesAsync(tenant.Client, id, deliveries => deliveries.TrueForAll(delivery => Text(delivery, "status") == "delivered"));
        Assert.Equal(4, deliveries.Count);
        Assert.Equal(
            ["once", "last"], receiver.Received.Where(webhook => webhook.Type == "message.received").Select(webhook => Text(webhook.Data, "content")));
    }
}
