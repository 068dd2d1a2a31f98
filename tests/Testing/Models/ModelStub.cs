using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Testing.Models;

/// <summary>
/// An OpenAI-compatible model server whose behaviour a test writes into the message itself, as <c>[model: command]</c>;
/// a message without one is answered with twenty words. It outlives the server that asks it.
/// </summary>
/// <remarks>
/// Commands: <c>say &lt;words&gt; &lt;ms between&gt;</c>, <c>hold</c> (until <see cref="Release"/>), <c>status &lt;code&gt;</c>,
/// <c>once &lt;code&gt;</c> (that status at the first call, words after), <c>unknown</c> (404 <c>model_not_found</c>),
/// <c>cut</c> (three words, then the connection breaks), <c>garbage</c>, <c>html</c>, <c>empty</c>, <c>length</c>,
/// <c>tool &lt;name&gt; &lt;arguments&gt;</c> (asks for the tool, then says what it returned).
/// </remarks>
public sealed class ModelStub : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, int> _calls = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private readonly Task _accepting;

    public ModelStub()
    {
        var port = FreePorts.Take();
        _listener.Prefixes.Add($"http://127.0.0.1:{port}/");
        _listener.Start();
        BaseUrl = $"http://127.0.0.1:{port}/v1";
        _accepting = AcceptAsync();
    }

    /// <summary>For <c>OPENAI_BASE_URL</c>.</summary>
    public string BaseUrl { get; }

    /// <summary>The bodies of all requests so far.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    /// <summary>The environment of a server that asks this model and no other.</summary>
    public Dictionary<string, string> Environment => new() { ["OPENAI_API_KEY"] = "stub", ["OPENAI_BASE_URL"] = BaseUrl };

    /// <summary>Lets every held answer go.</summary>
    public void Release() => _released.TrySetResult();

    public async ValueTask DisposeAsync()
    {
        Release();
        await _stopping.CancelAsync();
        _listener.Close();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                _ = ServeAsync(context);
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(HttpListenerContext context)
    {
        try
        {
            using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
            var body = await reader.ReadToEndAsync(_stopping.Token);
            _requests.Enqueue(body);
            await AnswerAsync(context.Response, JsonElement.Parse(body));
            context.Response.Close();
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException or OperationCanceledException)
        {
            // The asking server was killed or has hung up: nobody is there to be told.
            context.Response.Abort();
        }
    }

    private async Task AnswerAsync(HttpListenerResponse response, JsonElement request)
    {
        var messages = request.GetProperty("messages").EnumerateArray().ToList();
        var question = messages.FindLastIndex(message => message.GetProperty("role").GetString() == "user");
        var text = Text(messages[question]);
        var results = messages.Skip(question + 1).Where(message => message.GetProperty("role").GetString() == "tool").Select(Text).ToList();
        var command = Command(text);
        switch (command[0])
        {
            case "status":
                await FailAsync(response, int.Parse(command[1], CultureInfo.InvariantCulture), "stub_error", "The stub was told to fail.");
                return;
            case "once" when _calls.AddOrUpdate(text, 1, (_, calls) => calls + 1) == 1:
                await FailAsync(response, int.Parse(command[1], CultureInfo.InvariantCulture), "stub_error", "The stub was told to fail once.");
                return;
            case "unknown":
                await FailAsync(response, 404, "model_not_found", "The model does not exist, says the stub.");
                return;
            case "html":
                await WriteAllAsync(response, "text/html", "<html><body>It works!</body></html>");
                return;
            case "hold":
                await _released.Task.WaitAsync(_stopping.Token);
                break;
        }

        response.ContentType = "text/event-stream";
        response.SendChunked = true;
        if (command[0] == "garbage")
        {
            await WriteAsync(response, "data: {\"choices\":[{\"delta\": oops\n\ndata: \u0007\u0001\n\n");
            return;
        }

        if (command[0] == "tool" && results.Count == 0)
        {
            await WriteToolCallAsync(response, command[1], string.Join(' ', command.Skip(2)));
            return;
        }

        await WriteWordsAsync(response, command, results);
    }

    private async Task WriteWordsAsync(HttpListenerResponse response, string[] command, List<string> results)
    {
        var count = command[0] switch { "say" => int.Parse(command[1], CultureInfo.InvariantCulture), "cut" => 3, "empty" => 0, _ => 20 };
        var pause = command[0] == "say" ? int.Parse(command[2], CultureInfo.InvariantCulture) : 0;
        foreach (var result in results)
            await WriteChunkAsync(response, new { content = $"The tool returned {result}. " }, null);
        for (var i = 1; i <= count; i++)
        {
            await WriteChunkAsync(response, new { content = $"word{i} " }, null);
            if (pause > 0)
                await Task.Delay(pause, _stopping.Token);
        }

        if (command[0] == "cut")
        {
            response.Abort();
            return;
        }

        await WriteEndAsync(response, command[0] == "length" ? "length" : "stop");
    }

    private async Task WriteToolCallAsync(HttpListenerResponse response, string name, string arguments)
    {
        var call = new { index = 0, id = "call_1", type = "function", function = new { name, arguments } };
        await WriteChunkAsync(response, new { role = "assistant", tool_calls = new[] { call } }, null);
        await WriteEndAsync(response, "tool_calls");
    }

    private async Task WriteEndAsync(HttpListenerResponse response, string reason)
    {
        await WriteChunkAsync(response, new { }, reason);
        await WriteAsync(
            response,
            """data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"stub","choices":[],"usage":{"prompt_tokens":11,"completion_tokens":7,"total_tokens":18}}""" + "\n\n");
        await WriteAsync(response, "data: [DONE]\n\n");
    }

    private Task WriteChunkAsync(HttpListenerResponse response, object delta, string? reason)
    {
        var chunk = new
        {
            id = "c",
            @object = "chat.completion.chunk",
            created = 1,
            model = "stub",
            choices = new[] { new { index = 0, delta, finish_reason = reason } },
        };
        return WriteAsync(response, $"data: {JsonSerializer.Serialize(chunk)}\n\n");
    }

    private async Task FailAsync(HttpListenerResponse response, int status, string code, string message)
    {
        response.StatusCode = status;
        if (status == 429)
            response.AddHeader("Retry-After", "0");
        await WriteAllAsync(response, "application/json", JsonSerializer.Serialize(new { error = new { message, type = "invalid_request_error", code } }));
    }

    private Task WriteAllAsync(HttpListenerResponse response, string mediaType, string body)
    {
        response.ContentType = mediaType;
        return WriteAsync(response, body);
    }

    private async Task WriteAsync(HttpListenerResponse response, string text)
    {
        await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(text), _stopping.Token);
        await response.OutputStream.FlushAsync(_stopping.Token);
    }

    private static string Text(JsonElement message)
    {
        var content = message.GetProperty("content");
        return content.ValueKind == JsonValueKind.String
            ? content.GetString()!
            : string.Concat(content.EnumerateArray().Select(part => part.TryGetProperty("text", out var text) ? text.GetString() : ""));
    }

    private static string[] Command(string text)
    {
        const string Opening = "[model: ";
        var start = text.IndexOf(Opening, StringComparison.Ordinal);
        var end = text.LastIndexOf(']');
        return start < 0 || end < start ? ["answer"] : text[(start + Opening.Length)..end].Split(' ');
    }
}
