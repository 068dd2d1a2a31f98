using System.Globalization;
using System.Net;

namespace OpenClaw.ModelServer;

/// <summary>
/// A model server that says what its script tells it to, in OpenAI's and Anthropic's words: <c>POST /v1/chat/completions</c>,
/// <c>POST /v1/messages</c>. Scripts go to <c>/_script</c>, what was asked is read from <c>/_requests</c>.
/// </summary>
internal static class ModelServerHost
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(30);

    public static WebApplication Build(bool keepBodies)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        // Hanging answers must not hold up the end.
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.Zero);
        var store = new ScriptStore(keepBodies);
        var app = builder.Build();
        app.MapPost("/v1/chat/completions", (RequestDelegate)(context => AnswerAsync(context, store, new OpenAIFormat())));
        app.MapPost("/v1/messages", (RequestDelegate)(context => AnswerAsync(context, store, new AnthropicFormat())));
        app.MapPost("/_script", (RequestDelegate)(context => AddRulesAsync(context, store)));
        app.MapDelete("/_script", (RequestDelegate)(context => Reset(context, store)));
        app.MapGet("/_requests", (RequestDelegate)(context => WriteRequestsAsync(context, store.Requests())));
        app.MapGet("/_requests/wait", (RequestDelegate)(context => WaitAsync(context, store)));
        return app;
    }

    private static async Task AnswerAsync(HttpContext context, ScriptStore store, IModelFormat format)
    {
        using var reader = new StreamReader(context.Request.Body);
        var body = await reader.ReadToEndAsync(context.RequestAborted);
        var asked = format.Read(body);
        var (record, answer) = store.Accept(context.Request, body, asked);
        try
        {
            await AnswerPlayer.PlayAsync(context, format, asked, answer, record);
            store.End(record, context.RequestAborted.IsCancellationRequested ? "aborted" : "completed");
        }
        catch (ScriptedCutException)
        {
            store.End(record, "cut");
            throw;
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            store.End(record, "aborted");
        }
    }

    private static async Task AddRulesAsync(HttpContext context, ScriptStore store)
    {
        var rules = await context.Request.ReadFromJsonAsync(ModelServerJson.Default.ModelRuleArray, context.RequestAborted);
        store.Add(rules ?? []);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static Task Reset(HttpContext context, ScriptStore store)
    {
        store.Reset();
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        return Task.CompletedTask;
    }

    /// <summary><c>?count=N&amp;ended=true|false&amp;timeout=milliseconds</c>: answers when N requests have arrived, or have ended; 408 when they do not.</summary>
    private static async Task WaitAsync(HttpContext context, ScriptStore store)
    {
        var query = context.Request.Query;
        var count = int.Parse(query["count"].ToString(), CultureInfo.InvariantCulture);
        var timeout = double.TryParse(query["timeout"], CultureInfo.InvariantCulture, out var milliseconds)
            ? TimeSpan.FromMilliseconds(milliseconds)
            : DefaultWait;
        try
        {
            var requests = await store.WaitAsync(count, query["ended"] == "true").WaitAsync(timeout, context.RequestAborted);
            await WriteRequestsAsync(context, requests);
        }
        catch (TimeoutException)
        {
            context.Response.StatusCode = StatusCodes.Status408RequestTimeout;
        }
    }

    private static Task WriteRequestsAsync(HttpContext context, RecordedRequest[] requests) =>
        context.Response.WriteAsJsonAsync(requests, ModelServerJson.Default.RecordedRequestArray);
}
