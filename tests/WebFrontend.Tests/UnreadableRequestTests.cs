using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenClaw.WebFrontend.Tests.Hosting;

namespace OpenClaw.WebFrontend.Tests;

/// <summary>A request that the server cannot even read is answered with the envelope like any other failure.</summary>
public sealed class UnreadableRequestTests
{
    private const string Host = "Host: x\r\n";

    private static readonly string Post =
        $"POST /api/sessions HTTP/1.1\r\n{Host}Authorization: Bearer {FrontendHost.Key}\r\nContent-Type: application/json\r\n";

    public static TheoryData<string, string> Malformed => new()
    {
        { "no request line", "garbage\r\n\r\n" },
        { "no version", "GET /\r\n\r\n" },
        { "a byte above ASCII in the path", $"GET /\u00ff HTTP/1.1\r\n{Host}\r\n" },
        { "NUL in the path", $"GET /%00 HTTP/1.1\r\n{Host}\r\n" },
        { "no Host", "GET /healthz HTTP/1.1\r\n\r\n" },
        { "two Hosts", $"GET /healthz HTTP/1.1\r\n{Host}{Host}\r\n" },
        { "a header without a colon", $"GET /healthz HTTP/1.1\r\n{Host}header\r\n\r\n" },
        { "NUL in a header", $"GET /healthz HTTP/1.1\r\n{Host}a: \0\r\n\r\n" },
        { "a header that is not UTF-8", $"GET /healthz HTTP/1.1\r\n{Host}a: \u00ff\r\n\r\n" },
        { "a folded header", $"GET /healthz HTTP/1.1\r\n{Host}a: b\r\n c\r\n\r\n" },
        { "a length that is no number", $"{Post}Content-Length: two\r\n\r\n{{}}" },
        { "an unknown transfer coding", $"{Post}Transfer-Encoding: gzip\r\n\r\n" },
        { "a chunk without a size", $"{Post}Transfer-Encoding: chunked\r\n\r\nzz\r\n{{}}\r\n0\r\n\r\n" },
        { "a chunk that does not end", $"{Post}Transfer-Encoding: chunked\r\n\r\n2\r\n{{}}xx0\r\n\r\n" },
        { "TLS", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\u00fc\u0003\u0003" + new string('x', 100) },
    };

    [Theory, MemberData(nameof(Malformed))]
    public async Task A_malformed_request_is_invalid(string what, string request)
    {
        await using var host = await FrontendHost.StartAsync();

        AssertEnvelope(await ExchangeAsync(host, request), 400, what);
    }

    [Fact]
    public async Task A_url_that_is_too_long_is_414()
    {
        await using var host = await FrontendHost.StartAsync(("OpenClaw:Http:MaxRequestLineBytes", "1024"));

        AssertEnvelope(await ExchangeAsync(host, $"GET /healthz?{new string('a', 1024)} HTTP/1.1\r\n{Host}\r\n"), 414);
    }

    [Fact]
    public async Task Headers_that_are_too_large_or_too_many_are_431()
    {
        await using var host = await FrontendHost.StartAsync(("OpenClaw:Http:MaxHeaderBytes", "4096"));
        var many = string.Concat(Enumerable.Range(0, 101).Select(i => $"h{i}: v\r\n"));

        AssertEnvelope(await ExchangeAsync(host, $"GET /healthz HTTP/1.1\r\n{Host}a: {new string('a', 4096)}\r\n\r\n"), 431);
        AssertEnvelope(await ExchangeAsync(host, $"GET /healthz HTTP/1.1\r\n{Host}{many}\r\n"), 431);
    }

    [Fact]
    public async Task A_request_that_comes_too_slowly_is_408()
    {
        await using var host = await FrontendHost.StartAsync(("OpenClaw:Http:HeadersTimeout", "00:00:01"));

        var head = ExchangeAsync(host, "GET /healthz HTTP/1.1\r\nHost");
        var body = ExchangeAsync(host, $"{Post}Content-Length: 100\r\n\r\n{{");

        AssertEnvelope(await head, 408, "the head");
        AssertEnvelope(await body, 408, "the body");
    }

    [Fact]
    public async Task The_answer_speaks_the_language_and_keeps_the_id_of_what_could_be_read()
    {
        await using var host = await FrontendHost.StartAsync();

        var answer = await ExchangeAsync(host, $"GET /healthz HTTP/1.1\r\n{Host}Accept-Language: zh\r\nX-Request-Id: mine\r\nheader\r\n\r\n");

        AssertEnvelope(answer, 400);
        Assert.Equal("请求参数无效", (string?)answer.Error["message"]);
        Assert.Equal("mine", answer["X-Request-Id"]);
    }

    [Fact]
    public async Task What_came_before_on_the_connection_is_answered_first()
    {
        await using var host = await FrontendHost.StartAsync();

        var raw = await ExchangeRawAsync(host, $"GET /healthz HTTP/1.1\r\n{Host}\r\ngarbage\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", raw, StringComparison.Ordinal);
        AssertEnvelope(Answer.Parse(raw[raw.LastIndexOf("HTTP/1.1", StringComparison.Ordinal)..]), 400);
    }

    [Fact]
    public async Task A_head_request_gets_no_body()
    {
        await using var host = await FrontendHost.StartAsync(("OpenClaw:Http:MaxHeaderBytes", "4096"));

        var answer = await ExchangeAsync(host, $"HEAD /healthz HTTP/1.1\r\n{Host}a: {new string('a', 4096)}\r\n\r\n");

        Assert.Equal(431, answer.Status);
        Assert.Empty(answer.Text);
    }

    private static void AssertEnvelope(Answer answer, int status, string what = "")
    {
        Assert.True(answer.Status == status, $"{what}: {answer.Status} {answer.Text}");
        Assert.Equal("application/json; charset=utf-8", answer["Content-Type"]);
        Assert.Equal("INVALID_REQUEST", (string?)answer.Error["code"]);
        Assert.False(string.IsNullOrEmpty((string?)answer.Error["details"]!["reason"]));
        Assert.Equal(answer["X-Request-Id"], (string?)answer.Error["requestId"]);
        Assert.Equal(Encoding.UTF8.GetByteCount(answer.Text), int.Parse(answer["Content-Length"]!));
    }

    private static async Task<Answer> ExchangeAsync(FrontendHost host, string request) => Answer.Parse(await ExchangeRawAsync(host, request));

    /// <summary>Sends the characters as bytes and reads until the server closes the connection.</summary>
    private static async Task<string> ExchangeRawAsync(FrontendHost host, string request)
    {
        var cancellation = TestContext.Current.CancellationToken;
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, host.Address.Port, cancellation);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request), cancellation);
        using var reader = new StreamReader(client.GetStream(), Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellation);
    }
}
