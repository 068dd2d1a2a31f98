using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Testing.Webhooks;

/// <summary>A receiver of webhooks on loopback. Takes everything with 204 unless a test answers otherwise, and keeps what came in.</summary>
public sealed class WebhookReceiver : IAsyncDisposable
{
    /// <summary>What a test waits for comes within this time, or never; the first retry comes after some 5 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly WebApplication _app;
    private readonly Func<ReceivedWebhook, HttpContext, Task> _answer;
    private readonly Lock _lock = new();
    private readonly List<ReceivedWebhook> _received = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _underWay;

    private WebhookReceiver(WebApplication app, Func<ReceivedWebhook, HttpContext, Task> answer)
    {
        _app = app;
        _answer = answer;
        app.Run(TakeAsync);
    }

    /// <summary>In the order of their coming; each is here before it is answered.</summary>
    public IReadOnlyList<ReceivedWebhook> Received
    {
        get
        {
            lock (_lock) return [.. _received];
        }
    }

    /// <summary>How many were there at once and not answered yet, at most.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>An address of this receiver.</summary>
    public string Url(string path = "/hook") => new Uri(new Uri(_app.Urls.Single()), path).AbsoluteUri;

    /// <summary>A receiver that takes everything.</summary>
    public static Task<WebhookReceiver> StartAsync(CancellationToken cancellationToken, int port = 0) =>
        StartAsync(_ => 204, cancellationToken, port);

    /// <summary>A receiver that answers at once, with the status that it is told.</summary>
    public static Task<WebhookReceiver> StartAsync(Func<ReceivedWebhook, int> statusOf, CancellationToken cancellationToken, int port = 0) => StartAsync(
        (webhook, context) =>
        {
            context.Response.StatusCode = statusOf(webhook);
            return Task.CompletedTask;
        },
        cancellationToken,
        port);

    /// <summary>A receiver that answers as it likes; an answer that was not written is 200.</summary>
    /// <param name="answer">Writes the answer.</param>
    /// <param name="cancellationToken">Gives the start up.</param>
    /// <param name="port">0 takes any.</param>
    public static async Task<WebhookReceiver> StartAsync(
        Func<ReceivedWebhook, HttpContext, Task> answer, CancellationToken cancellationToken, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen => listen.Protocols = HttpProtocols.Http1));
        var receiver = new WebhookReceiver(builder.Build(), answer);
        await receiver._app.StartAsync(cancellationToken);
        return receiver;
    }

    /// <summary>Completes with the first so many that the condition holds for.</summary>
    /// <exception cref="TimeoutException">They did not come.</exception>
    public async Task<IReadOnlyList<ReceivedWebhook>> WaitAsync(int count, Func<ReceivedWebhook, bool> condition, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Patience);
        while (true)
        {
            Task changed;
            lock (_lock)
            {
                var found = _received.Where(condition).Take(count).ToList();
                if (found.Count == count) return found;
                changed = _changed.Task;
            }

            try
            {
                await changed.WaitAsync(limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException($"Not {count} such webhooks within {Patience}. Received:\n{string.Join('\n', Received)}");
            }
        }
    }

    /// <summary>Completes with the first of this type.</summary>
    public async Task<ReceivedWebhook> WaitForAsync(string type, CancellationToken cancellationToken) =>
        (await WaitAsync(1, webhook => webhook.Type == type, cancellationToken))[0];

    public async ValueTask DisposeAsync()
    {
        // Answers that never end must not hold up the end.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var headers = context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        var webhook = new ReceivedWebhook(context.Request.Method, context.Request.Path, headers, body.ToArray(), TimeProvider.System.GetUtcNow());
        lock (_lock)
        {
            MostAtOnce = Math.Max(MostAtOnce, ++_underWay);
            _received.Add(webhook);
            _changed.SetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        try
        {
            await _answer(webhook, context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The sender has given up, which is its right.
        }
        finally
        {
            lock (_lock) _underWay--;
        }
    }
}
