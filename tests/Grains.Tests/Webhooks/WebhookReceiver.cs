using System.Collections.Concurrent;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using OpenClaw.Testing.Http;

namespace OpenClaw.Grains.Tests.Webhooks;

/// <summary>A receiver on loopback that answers as a test says, and remembers what it was sent.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly Channel<Received> _arrived = Channel.CreateUnbounded<Received>();
    private readonly TestSite _site;

    private WebhookReceiver(TestSite site)
    {
        _site = site;
        _site.Map("/hook", ReceiveAsync);
    }

    public string Url => _site.Url("/hook");

    public int Port => _site.Address.Port;

    /// <summary>Set before what it is for.</summary>
    public Func<Received, HttpContext, Task> Answer { get; set; } = static (_, _) => Task.CompletedTask;

    public ConcurrentQueue<Received> All { get; } = [];

    public static async Task<WebhookReceiver> StartAsync() => new(await TestSite.StartAsync(TestContext.Current.CancellationToken));

    public static Func<Received, HttpContext, Task> Status(int status, string body = "") => async (_, context) =>
    {
        context.Response.StatusCode = status;
        if (body.Length > 0) await context.Response.WriteAsync(body, context.RequestAborted);
    };

    /// <summary>Never answers.</summary>
    public static Task Hang(Received received, HttpContext context) => Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);

    /// <summary>The next that arrives, before it is answered.</summary>
    public async Task<Received> NextAsync() => await _arrived.Reader.ReadAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _site.DisposeAsync();

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var received = new Received(
            context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
        context.Response.StatusCode = StatusCodes.Status204NoContent;
        All.Enqueue(received);
        _arrived.Writer.TryWrite(received);
        await Answer(received, context);
    }
}

/// <param name="Headers">By name, in any case of letters.</param>
/// <param name="Body">As it came.</param>
internal sealed record Received(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Id => Headers["webhook-id"];

    public string Timestamp => Headers["webhook-timestamp"];

    public string Signature => Headers["webhook-signature"];

    public JsonElement Json => JsonElement.Parse(Body);
}
