using System.Collections.Concurrent;
using Microsoft.Playwright;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Browsing;

/// <summary>A page of a server in a browser that knows nothing yet, and what goes wrong in it.</summary>
internal sealed class PageVisit : IAsyncDisposable
{
    private readonly IBrowserContext _context;

    private PageVisit(IBrowserContext context, IPage page, Uri server)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                Complaints.Enqueue(message.Text);
        };
        page.PageError += (_, error) => Complaints.Enqueue(error);
        page.RequestFailed += (_, request) => Complaints.Enqueue($"{request.Url}: {request.Failure}");
        page.Request += (_, request) =>
        {
            if (!IsFrom(server, request.Url))
                Elsewhere.Enqueue(request.Url);
        };
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings of the console, uncaught errors, requests that failed.</summary>
    public ConcurrentQueue<string> Complaints { get; } = [];

    /// <summary>What was asked of another host than the server.</summary>
    public ConcurrentQueue<string> Elsewhere { get; } = [];

    public static async Task<PageVisit> OpenAsync(ChromiumFixture chromium, ServerProcess server, string path)
    {
        var context = await chromium.Browser.NewContextAsync();
        var visit = new PageVisit(context, await context.NewPageAsync(), server.BaseAddress);
        await visit.Page.GotoAsync(new Uri(server.BaseAddress, path).AbsoluteUri);
        return visit;
    }

    public ValueTask DisposeAsync() => _context.DisposeAsync();

    private static bool IsFrom(Uri server, string url) =>
        new Uri(url) is var address && (address.Scheme is "data" or "blob" || address.Authority == server.Authority);
}
