using System.Net;
using System.Text;
using OpenClaw.Benchmarks.LoadRunner.Servers;

namespace OpenClaw.Benchmarks.LoadRunner.Http;

/// <summary>The requests that the scenarios make of a target, as bytes to be sent again and again.</summary>
internal sealed class ApiClient(Target target)
{
    private const string Content = "Tell me something about the time a turn takes.";

    private readonly string _head = $"Host: 127.0.0.1:{target.Port}\r\nAccept: */*\r\n"
        + (target.Key is null ? "" : $"Authorization: Bearer {target.Key}\r\n");

    public HttpConnection Connect(IPAddress? source = null, int bufferSize = 32 * 1024) =>
        new(new IPEndPoint(IPAddress.Loopback, target.Port), source, bufferSize);

    public byte[] Get(string path) => Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\n{_head}\r\n");

    public byte[] Post(string path, string json) => Write("POST", path, json);

    /// <summary>A message to a session: the same text each time.</summary>
    public byte[] Message(string sessionId, bool stream) =>
        Write("POST", $"/api/sessions/{sessionId}/messages{(stream ? "/stream" : "")}", $$"""{"content":"{{Content}}"}""");

    /// <summary>The same question asked of the model server itself.</summary>
    public byte[] Completion(string model) => Write(
        "POST",
        "/v1/chat/completions",
        $$"""{"stream":true,"stream_options":{"include_usage":true},"model":"{{model}}","messages":[{"role":"user","content":"{{Content}}"}]}""");

    /// <summary>Creates a session over <paramref name="connection"/>.</summary>
    /// <returns>Its id.</returns>
    /// <exception cref="IOException">The server refused.</exception>
    public string CreateSession(HttpConnection connection, string model)
    {
        const string mark = "\"sessionId\":\"";
        var status = connection.Send(Write("POST", "/api/sessions", $$"""{"model":"{{model}}"}"""));
        var body = connection.ReadText();
        var start = body.IndexOf(mark, StringComparison.Ordinal);
        if (status is < 200 or > 299 || start < 0)
            throw new IOException($"{target.Name} answered {status} to the creation of a session: {body}");
        start += mark.Length;
        return body[start..body.IndexOf('"', start)];
    }

    /// <summary>Raises the limits of tenant <c>default</c> beyond what a load reaches. The proxies have none.</summary>
    /// <exception cref="IOException">The server refused.</exception>
    public void RaiseLimits()
    {
        if (target.Key is null)
            return;
        using var connection = Connect();
        const int most = 10_000_000;
        connection.Ask(Write("PUT", "/api/admin/tenants/default/limits", $$"""
            {"messagesPerMinute":{{most}},"skillsPerMinute":{{most}},"filesPerMinute":{{most}},"storageBytes":{{most}},"concurrentTurns":1000000,"concurrentCommands":1000,"monthlyTokens":null,"monthlyCost":null}
            """));
    }

    private byte[] Write(string method, string path, string body) => Encoding.UTF8.GetBytes(
        $"{method} {path} HTTP/1.1\r\n{_head}Content-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");
}
