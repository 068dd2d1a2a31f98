using System.Net;
using System.Text;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests;

public sealed class MessagesApiTests
{
    private const string Session = $"/api/sessions/{FrontendHost.SessionId}";
    private const string Messages = Session + "/messages";
    private const string Hello = """{"content":"帮我写一段代码"}""";

    public static readonly TurnAnswer Answered = new()
    {
        MessageId = "msg-xyz789",
        Content = "我已经整理好了...",
        Actions = [new TurnAction("file_created", JsonPayload.From("""{"path":"/Documents/meeting-notes.md"}"""))],
        Usage = new TokenUsage(3, 4),
        FinishReason = "stop",
    };

    private static readonly SessionFrame Done = new(4, "turn-1", new DoneFrame("msg-xyz789", new TokenUsage(3, 4), "stop"));

    /// <summary>For tests that would wait for ever where the server is wrong; far above what they take.</summary>
    private const int HangMilliseconds = 60_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_answers_when_its_turn_is_done()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Session.Answer = Answered;
        var sending = host.SendAsync(HttpMethod.Post, Messages, Hello);
        await host.Feed.Followed;
        Assert.False(sending.IsCompleted);
        host.Feed.Publish(Done);
        host.Feed.End();

        var answer = await sending;

        Assert.Equal(200, answer.Status);
        Assert.Equal("""{"messageId":"msg-xyz789","response":{"content":"我已经整理好了...","actions":[{"type":"file_created","path":"/Documents/meeting-notes.md"}]},"usage":{"inputTokens":3,"outputTokens":4,"totalTokens":7},"finishReason":"stop"}""", answer.Text);
        Assert.Equal(("100", "99", "60"), (answer["RateLimit-Limit"], answer["RateLimit-Remaining"], answer["RateLimit-Reset"]));
        Assert.Equal((new SessionKey(TenantId.Default, FrontendHost.SessionId), "turn-1", 1), host.Feed.Asked);
        Assert.Equal((Scopes.All, null), (host.Session.Sent[0].Scopes, host.Session.Sent[0].Idempotency));
    }

    [Fact]
    public async Task A_failed_turn_is_the_answers_error()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Session.Answer = Answered with { Problem = Problem.Internal(502, new LocalizedText("the provider failed", "提供方出错")) };
        host.Feed.End();

        var answer = await host.SendAsync(HttpMethod.Post, Messages, Hello, ("Accept-Language", "zh"));

        Assert.Equal((502, "INTERNAL_ERROR", "提供方出错"), (answer.Status, (string?)answer.Error["code"], (string?)answer.Error["details"]!["reason"]));
    }

    [Fact]
    public async Task A_session_deleted_under_its_turn_is_not_found()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Feed.End();

        var whole = await host.SendAsync(HttpMethod.Post, Messages, Hello);
        var streamed = await host.SendAsync(HttpMethod.Post, Messages + "/stream", Hello, ("X-Request-Id", "r"));

        Assert.Equal(404, whole.Status);
        Assert.Equal(200, streamed.Status);
        Assert.Equal(": ok\n\nid: 2\ndata: {\"type\":\"error\",\"error\":{\"code\":\"NOT_FOUND\",\"message\":\"Not found\",\"details\":{\"field\":\"sessionId\",\"reason\":\"no such session; it may have been deleted\"},\"requestId\":\"r\"},\"turnId\":\"turn-1\"}\n\n", streamed.Text);
    }

    [Fact]
    public async Task The_first_bytes_of_a_stream_leave_before_the_model_has_said_anything()
    {
        await using var host = await FrontendHost.StartAsync();
        using var request = FrontendHost.Request(HttpMethod.Post, Messages + "/stream", Hello, key: null);
        using var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Token);
        await using var body = await response.Content.ReadAsStreamAsync(Token);

        Assert.Equal(": ok\n\n", await ReadAsync(body, 6));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/event-stream; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        Assert.True(response.Headers.CacheControl!.NoCache);
        Assert.Equal("no", response.Headers.GetValues("X-Accel-Buffering").Single());
        Assert.Equal("99", response.Headers.GetValues("RateLimit-Remaining").Single());

        const string Text = "id: 2\ndata: {\"type\":\"text\",\"content\":\"我来帮你\",\"turnId\":\"turn-1\"}\n\n";
        host.Feed.Publish(new SessionFrame(2, "turn-1", new TextFrame("我来帮你")));
        Assert.Equal(Text, await ReadAsync(body, Encoding.UTF8.GetByteCount(Text)));
        host.Feed.Publish(Done);
        host.Feed.End();
        Assert.EndsWith("\"finishReason\":\"stop\",\"turnId\":\"turn-1\"}\n\n", await ReadToEndAsync(body));
    }

    [Fact]
    public async Task A_senders_stream_leaves_out_users_messages_and_what_was_undone()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Feed.Publish(new SessionFrame(2, "turn-1", new MessageFrame("msg-2", "merged")));
        host.Feed.Publish(new SessionFrame(3, "turn-1", new RolledBackFrame(1)), Done);
        host.Feed.End();

        var sent = await host.SendAsync(HttpMethod.Post, Messages + "/stream", Hello);

        Assert.DoesNotContain("id: 2", sent.Text);
        Assert.DoesNotContain("rolled_back", sent.Text);
        Assert.Contains("id: 4\ndata: {\"type\":\"done\"", sent.Text);
        Assert.DoesNotContain("\"error\"", sent.Text);
    }

    [Fact(Timeout = HangMilliseconds)]
    public async Task Silence_is_broken_by_a_ping_every_fifteen_seconds()
    {
        await using var host = await FrontendHost.StartAsync();
        using var request = FrontendHost.Request(HttpMethod.Get, Session + "/stream", key: null);
        using var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await using var body = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        Assert.Equal(": ok\n\n", await ReadAsync(body, 6));
        await host.Feed.Followed;

        host.Time.Advance(TimeSpan.FromSeconds(10));
        const string Queued = "id: 1\ndata: {\"type\":\"status\",\"status\":\"queued\",\"turnId\":\"t\"}\n\n";
        host.Feed.Publish(new SessionFrame(1, "t", new QueuedFrame()));
        Assert.Equal(Queued, await ReadAsync(body, Queued.Length));

        // Fifteen seconds after the headers, but only five after the frame: no ping yet.
        host.Time.Advance(TimeSpan.FromSeconds(5));
        host.Time.Advance(TimeSpan.FromSeconds(9.9));
        host.Feed.Publish(new SessionFrame(2, "t", new QueuedFrame()));
        Assert.Equal(Queued.Replace("1", "2"), await ReadAsync(body, Queued.Length));

        for (var i = 0; i < 3; i++)
        {
            host.Time.Advance(TimeSpan.FromSeconds(15));
            Assert.Equal(": ping\n\n", await ReadAsync(body, 8));
        }
    }

    [Fact(Timeout = HangMilliseconds)]
    public async Task A_client_that_leaves_ends_the_reading_and_not_the_turn()
    {
        await using var host = await FrontendHost.StartAsync();
        using (var request = FrontendHost.Request(HttpMethod.Post, Messages + "/stream", Hello, key: null))
        using (await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken))
            await host.Feed.Followed;

        await host.Feed.Left.WaitAsync(TestContext.Current.CancellationToken);
        Assert.Single(host.Session.Sent);
    }

    [Theory(Timeout = HangMilliseconds)]
    [InlineData("GET", "/stream")]
    [InlineData("POST", "/messages/stream")]
    public async Task An_open_stream_ends_within_a_second_of_its_keys_revocation(string method, string path)
    {
        await using var host = await FrontendHost.StartAsync();
        var key = host.AddKey("oc_short", "default", Scopes.All);
        using var request = FrontendHost.Request(new HttpMethod(method), Session + path, method == "POST" ? Hello : null, "oc_short");
        using var client = new HttpClient { BaseAddress = host.Address };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await host.Feed.Followed;
        host.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(host.Feed.Left.IsCompleted);

        key.Key = null;
        host.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.DoesNotContain("\"error\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.True(host.Feed.Left.IsCompletedSuccessfully);
    }

    [Fact(Timeout = HangMilliseconds)]
    public async Task An_open_stream_stays_while_its_key_cannot_be_looked_up()
    {
        await using var host = await FrontendHost.StartAsync();
        var key = host.AddKey("oc_short", "default", Scopes.All);
        using var request = FrontendHost.Request(HttpMethod.Get, Session + "/stream", key: "oc_short");
        using var client = new HttpClient { BaseAddress = host.Address };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await host.Feed.Followed;

        key.Gate = Task.FromException(new InvalidOperationException("The database is away."));
        host.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.False(host.Feed.Left.IsCompleted);
        host.Feed.Publish(Done);
        host.Feed.End();

        Assert.Contains("\"done\"", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact(Timeout = HangMilliseconds)]
    public async Task A_client_that_reads_nothing_is_cut_off_after_thirty_seconds()
    {
        await using var host = await FrontendHost.StartAsync();
        using var request = FrontendHost.Request(HttpMethod.Get, Session + "/stream", key: null);
        using var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        await host.Feed.Followed;
        var large = new TextFrame(new string('x', 1024 * 1024));
        for (var i = 1; i <= 64; i++)
            host.Feed.Publish(new SessionFrame(i, "t", large));

        // The clock moves on until the write has hung for its thirty seconds; real time is only waited for, never measured.
        while (!host.Feed.Left.IsCompleted)
        {
            host.Time.Advance(TimeSpan.FromSeconds(5));
            await Task.WhenAny(host.Feed.Left, Task.Run(Thread.Yield, TestContext.Current.CancellationToken));
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        Assert.True(host.Feed.Left.IsCompletedSuccessfully);
    }

    [Theory]
    [InlineData(null, null, 0)]
    [InlineData(null, "7", 7)]
    [InlineData("9", "7", 9)]
    [InlineData("0", "7", 0)]
    public async Task A_stream_goes_on_after_the_seq_it_is_given(string? header, string? query, long after)
    {
        await using var host = await FrontendHost.StartAsync();
        host.Feed.End();

        var answer = await host.SendAsync(HttpMethod.Get, Session + "/stream" + (query is null ? "" : "?after=" + query), null, header is null ? ("X", "x") : ("Last-Event-ID", header));

        Assert.Equal((200, ": ok\n\n"), (answer.Status, answer.Text));
        Assert.Equal((new SessionKey(TenantId.Default, FrontendHost.SessionId), null, after), host.Feed.Asked);
    }

    [Theory]
    [InlineData("Last-Event-ID", "x")]
    [InlineData("Last-Event-ID", "-1")]
    [InlineData("Last-Event-ID", "99999999999999999999")]
    [InlineData("after", "1.5")]
    public async Task A_seq_that_is_none_is_refused_on_its_field(string field, string value)
    {
        await using var host = await FrontendHost.StartAsync();
        var path = Session + "/stream" + (field == "after" ? "?after=" + value : "");

        var answer = await host.SendAsync(HttpMethod.Get, path, null, (field, value));

        Assert.Equal((400, field), (answer.Status, (string?)answer.Error["details"]!["field"]));
    }

    [Fact]
    public async Task A_stream_of_an_unknown_session_is_not_found_before_the_first_byte()
    {
        await using var host = await FrontendHost.StartAsync();

        Assert.Equal(404, (await host.SendAsync(HttpMethod.Get, "/api/sessions/sess-nobody/stream")).Status);
    }

    [Fact]
    public async Task A_replayed_message_answers_the_same_and_does_not_count()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Session.OnSend = _ => new SendResult { TurnId = "turn-1", MessageId = "m", Seq = 1, Replayed = true };
        host.Session.Answer = Answered;
        host.Feed.Publish(Done);
        host.Feed.End();

        var whole = await host.SendAsync(HttpMethod.Post, Messages, Hello, ("Idempotency-Key", "k"));
        var streamed = await host.SendAsync(HttpMethod.Post, Messages + "/stream", Hello, ("Idempotency-Key", "k"));

        Assert.Equal(("true", "true"), (whole["Idempotent-Replayed"], streamed["Idempotent-Replayed"]));
        Assert.Equal([7, 7], host.Limit.Released);
        Assert.Equal(("100", "100"), (whole["RateLimit-Remaining"], streamed["RateLimit-Remaining"]));
        var keys = host.Session.Sent.Select(message => message.Idempotency!).ToArray();
        Assert.Equal(["POST " + Messages, "POST " + Messages + "/stream"], keys.Select(key => key.Scope));
        Assert.All(keys, key => Assert.Equal(("k", Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(Hello)))), (key.Key, key.Fingerprint)));
    }

    [Fact]
    public async Task The_history_is_a_page_of_messages()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Session.Page = new SessionMessagePage(
            [new SessionMessage { MessageId = "m1", Role = "user", Content = "你好😀", Attachments = [new Attachment("file", "/a.txt")], CreatedAt = FakeSessionGrain.Created }],
            null);

        var answer = await host.SendAsync(HttpMethod.Get, Messages + "?limit=5&cursor=abc&order=desc");

        Assert.Equal("""{"messages":[{"messageId":"m1","role":"user","content":"你好😀","actions":[],"attachments":[{"type":"file","path":"/a.txt"}],"createdAt":"2026-03-01T00:00:00.000Z"}],"nextCursor":null}""", answer.Text);
        Assert.Equal(new MessageQuery(5, "abc", true), host.Session.Query);
    }

    private static async Task<string> ReadAsync(Stream stream, int bytes)
    {
        var buffer = new byte[bytes];
        await stream.ReadExactlyAsync(buffer, Token);
        return Encoding.UTF8.GetString(buffer);
    }

    private static async Task<string> ReadToEndAsync(Stream stream)
    {
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(Token);
    }
}
