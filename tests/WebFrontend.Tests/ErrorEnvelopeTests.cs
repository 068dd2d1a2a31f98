using System.Net;
using System.Text;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Storage;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests;

public sealed class ErrorEnvelopeTests
{
    private const string Session = $"/api/sessions/{FrontendHost.SessionId}";

    [Fact]
    public async Task An_unknown_route_answers_not_found_with_or_without_a_key()
    {
        await using var host = await FrontendHost.StartAsync();

        foreach (var key in new[] { FrontendHost.Key, null })
        {
            var answer = await host.SendAsAsync(key, HttpMethod.Get, "/api/nothing");

            Assert.Equal(404, answer.Status);
            Assert.Equal("NOT_FOUND", (string?)answer.Error["code"]);
            Assert.Equal("application/json; charset=utf-8", answer["Content-Type"]);
        }
    }

    [Fact]
    public async Task A_wrong_method_answers_which_methods_there_are()
    {
        await using var host = await FrontendHost.StartAsync();

        var answer = await host.SendAsync(HttpMethod.Put, Session);

        Assert.Equal(405, answer.Status);
        Assert.Equal("INVALID_REQUEST", (string?)answer.Error["code"]);
        Assert.Equal(["DELETE", "GET", "PATCH"], answer["Allow"]!.Split(", ").Order());
    }

    [Fact]
    public async Task The_envelope_of_an_empty_content_is_the_references()
    {
        await using var host = await FrontendHost.StartAsync();

        var answer = await host.SendAsync(HttpMethod.Post, Session + "/messages", """{"content":""}""", ("Accept-Language", "zh-CN"), ("X-Request-Id", "req-1"));

        Assert.Equal(400, answer.Status);
        Assert.Equal("""{"error":{"code":"INVALID_REQUEST","message":"请求参数无效","details":{"field":"content","reason":"不能为空"},"requestId":"req-1"}}""", answer.Text);
    }

    [Fact]
    public async Task The_envelope_of_a_refused_message_is_the_references()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Limit.Decision = new(false, 0, 100, 0, 60);

        var answer = await host.SendAsync(HttpMethod.Post, Session + "/messages", """{"content":"hi"}""", ("Accept-Language", "zh"), ("X-Request-Id", "req-1"));

        Assert.Equal(429, answer.Status);
        Assert.Equal("""{"error":{"code":"RATE_LIMITED","message":"请求频率超限,请稍后重试","retryAfter":60,"requestId":"req-1"}}""", answer.Text);
        Assert.Equal("60", answer["Retry-After"]);
        Assert.Equal(("100", "0", "60"), (answer["RateLimit-Limit"], answer["RateLimit-Remaining"], answer["RateLimit-Reset"]));
        Assert.Empty(host.Session.Sent);
    }

    [Theory]
    [InlineData(401, "UNAUTHORIZED", "未授权")]
    [InlineData(403, "FORBIDDEN", "权限不足")]
    [InlineData(404, "NOT_FOUND", "资源不存在")]
    [InlineData(500, "INTERNAL_ERROR", "内部错误")]
    public async Task Messages_are_the_references(int status, string code, string message)
    {
        await using var host = await FrontendHost.StartAsync();
        host.AddKey("reader", "default", Grains.Abstractions.Tenants.Scopes.Write);
        host.Session.Failure = () => new InvalidOperationException("secret");
        var (key, path) = status switch
        {
            401 => ("wrong", Session),
            403 => ("reader", Session),
            404 => (FrontendHost.Key, "/api/sessions/sess-unknown"),
            _ => (FrontendHost.Key, Session),
        };
        using var request = FrontendHost.Request(HttpMethod.Get, path, key: key);
        request.Headers.Add("Accept-Language", "zh");

        var answer = await host.SendBareAsync(request);

        Assert.Equal((status, code, message), (answer.Status, (string?)answer.Error["code"], (string?)answer.Error["message"]));
        Assert.DoesNotContain("secret", answer.Text);
        Assert.Equal(status == 401 ? "Bearer" : null, answer["WWW-Authenticate"]);
    }

    [Fact]
    public async Task Failures_behind_the_grain_call_have_their_own_status()
    {
        await using var host = await FrontendHost.StartAsync();
        var expected = new (Exception Failure, int Status, string? RetryAfter)[]
        {
            (new StorageUnavailableException("locked", new IOException()), 503, "1"),
            (new Orleans.Runtime.OrleansException("state", new StorageUnavailableException("away", new IOException())), 503, "1"),
            (new Orleans.Runtime.OrleansException("state", new NotSupportedException()), 500, null),
            (new Orleans.Runtime.OrleansException("Current directory is not stable to perform the lookup. Retry later."), 503, "1"),
            (new TimeoutException(), 504, null),
            (new Orleans.Runtime.SiloUnavailableException(), 503, "1"),
            (new Orleans.Runtime.Messaging.ConnectionFailedException("no gateway"), 503, "1"),
            (new Grains.Abstractions.Tenants.TenantMismatchException(), 404, null),
            (new NotSupportedException(), 500, null),
            (new OperationCanceledException("Message expired before placement could complete."), 504, null),
        };

        foreach (var (failure, status, retryAfter) in expected)
        {
            host.Session.Failure = () => failure;
            var answer = await host.SendAsync(HttpMethod.Get, Session);

            Assert.Equal((status, retryAfter), (answer.Status, answer["Retry-After"]));
            Assert.Equal(status == 404 ? "NOT_FOUND" : "INTERNAL_ERROR", (string?)answer.Error["code"]);
        }
    }

    [Fact]
    public async Task A_problem_of_a_grain_is_answered_as_it_is()
    {
        await using var host = await FrontendHost.StartAsync();
        host.Session.OnSend = _ => Grains.Abstractions.Sessions.SendResult.Refused(Problem.Conflict(Reasons.TurnRunning));

        var answer = await host.SendAsync(HttpMethod.Post, Session + "/messages", """{"content":"hi"}""");

        Assert.Equal(409, answer.Status);
        Assert.Equal("INVALID_REQUEST", (string?)answer.Error["code"]);
        Assert.Equal(Reasons.TurnRunning.English, (string?)answer.Error["details"]!["reason"]);
    }

    [Fact]
    public async Task A_body_over_ten_mebibytes_is_refused_announced_or_not()
    {
        await using var host = await FrontendHost.StartAsync();
        var body = new byte[(10 * 1024 * 1024) + 1];

        foreach (var chunked in new[] { false, true })
        {
            using var request = FrontendHost.Request(HttpMethod.Post, "/api/sessions", key: null);
            request.Content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };
            request.Headers.TransferEncodingChunked = chunked;
            request.Headers.ExpectContinue = true;
            var answer = await host.SendAsync(request);

            Assert.Equal(413, answer.Status);
            Assert.Equal("INVALID_REQUEST", (string?)answer.Error["code"]);
        }
    }

    [Theory]
    [InlineData("text/plain", 415)]
    [InlineData("application/x-www-form-urlencoded", 415)]
    [InlineData("application/json; charset=gbk", 415)]
    [InlineData("nonsense", 415)]
    [InlineData("application/json", 201)]
    [InlineData("application/json; charset=\"UTF-8\"", 201)]
    [InlineData("application/vnd.api+json", 201)]
    [InlineData(null, 415)]
    public async Task Only_json_is_taken(string? mediaType, int status)
    {
        await using var host = await FrontendHost.StartAsync();
        using var request = FrontendHost.Request(HttpMethod.Post, "/api/sessions", key: null);
        request.Content = new ByteArrayContent("{}"u8.ToArray());
        request.Content.Headers.TryAddWithoutValidation("Content-Type", mediaType);

        Assert.Equal(status, (await host.SendAsync(request)).Status);
    }

    [Fact]
    public async Task Every_answer_has_a_request_id_and_an_error_repeats_it()
    {
        await using var host = await FrontendHost.StartAsync();

        var ok = await host.SendAsync(HttpMethod.Get, Session);
        var failed = await host.SendAsync(HttpMethod.Get, "/nowhere");

        Assert.NotEmpty(ok["X-Request-Id"]!);
        Assert.Equal(failed["X-Request-Id"], (string?)failed.Error["requestId"]);
        Assert.NotEqual(ok["X-Request-Id"], failed["X-Request-Id"]);
    }

    [Theory]
    [InlineData("a-1_B.c:9", true)]
    [InlineData("with space", false)]
    [InlineData("<script>", false)]
    [InlineData("", false)]
    public async Task A_callers_request_id_is_kept_when_it_is_harmless(string id, bool kept)
    {
        await using var host = await FrontendHost.StartAsync();

        var answer = await host.SendAsync(HttpMethod.Get, Session, null, ("X-Request-Id", id));

        Assert.Equal(kept, answer["X-Request-Id"] == id);
    }

    [Fact]
    public async Task A_body_that_is_cut_off_harms_nobody_else()
    {
        await using var host = await FrontendHost.StartAsync();
        using (var socket = new System.Net.Sockets.TcpClient())
        {
            await socket.ConnectAsync(IPAddress.Loopback, host.Address.Port, TestContext.Current.CancellationToken);
            var head = $"POST {Session}/messages HTTP/1.1\r\nHost: x\r\nX-API-Key: {FrontendHost.Key}\r\nContent-Length: 100\r\n\r\n{{\"content\":";
            await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), TestContext.Current.CancellationToken);
        }

        Assert.Equal(200, (await host.SendAsync(HttpMethod.Get, Session)).Status);
        Assert.Empty(host.Session.Sent);
    }
}
