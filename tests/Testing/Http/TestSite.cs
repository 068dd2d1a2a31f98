using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OpenClaw.Testing.Http;

/// <summary>A web site on loopback, with the pages that a test gives it. Remembers what it was asked for.</summary>
public sealed class TestSite : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, RequestDelegate> _pages = new();
    private readonly WebApplication _app;

    private TestSite(WebApplication app)
    {
        _app = app;
        app.Run(AnswerAsync);
    }

    public Uri Address => new(_app.Urls.Single());

    /// <summary>Method, host and path of each request, in the order of their coming.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    public static async Task<TestSite> StartAsync(CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var site = new TestSite(builder.Build());
        await site._app.StartAsync(cancellationToken);
        return site;
    }

    public string Url(string path) => new Uri(Address, path).AbsoluteUri;

    public TestSite Page(string path, string html) => Map(path, async context =>
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        await context.Response.WriteAsync(html, context.RequestAborted);
    });

    public TestSite Redirect(string path, string to) => Map(path, context =>
    {
        context.Response.Redirect(to);
        return Task.CompletedTask;
    });

    public TestSite Map(string path, RequestDelegate answer)
    {
        _pages[path] = answer;
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        // Answers that never end must not hold up the end.
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        Asked.Enqueue($"{context.Request.Method} {context.Request.Host} {context.Request.Path}");
        if (_pages.TryGetValue(context.Request.Path, out var answer)) return answer(context);
        context.Response.StatusCode = 404;
        return Task.CompletedTask;
    }
}
