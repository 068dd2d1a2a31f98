using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Browser;
using OpenClaw.Grains.Egress;

namespace OpenClaw.Silo.Browser;

/// <summary>One tenant's context in Chromium, with a proxy of its own. Events of its pages come on a thread of the driver's.</summary>
internal sealed partial class ChromiumContext(
    BrowserKey key, int maxPages, Func<string, string, Task<PageDownload>> store, EgressPolicy egress, Action<ChromiumContext> leave, TimeProvider time, ILogger logger)
    : Grains.Browser.IBrowserContext
{
    private const int Width = 1280;
    private const int Height = 800;
    private const int MaxUrlLength = 8192;
    private const int MaxTitleLength = 1000;

    /// <summary>Milliseconds for what a page in good health does at once.</summary>
    private const int ActionTime = 5_000;

    private static readonly TimeSpan PictureTime = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan SnapshotTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan DownloadBegin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BeginTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CloseTime = TimeSpan.FromSeconds(5);

    /// <summary>For what is still to be done when a caller's time is over.</summary>
    private static readonly TimeSpan LeastTime = TimeSpan.FromSeconds(1);

    /// <summary>On top of what a caller asks for, before a page that says nothing counts as lost.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly List<ChromiumPage> _pages = [];
    private readonly SocksProxy _proxy = new(egress, logger);
    private Microsoft.Playwright.IBrowserContext? _context;
    private PageDownloads? _downloads;
    private TaskCompletionSource _opened = NewSource();
    private bool _left;

    public BrowserKey Key => key;

    public bool IsOpen
    {
        get
        {
            lock (_lock) return _context is { Browser.IsConnected: true } && _pages.Count > 0;
        }
    }

    /// <summary>Makes it in the browser, with one empty page.</summary>
    /// <exception cref="PlaywrightException">The browser has died, or cannot.</exception>
    /// <exception cref="TimeoutException">It has not answered within 30 s.</exception>
    public Task BeginAsync(ChromiumProgram program, CancellationToken cancellationToken) => BeginAsync(program).WaitAsync(BeginTime, cancellationToken);

    public Task<PageState> OpenAsync(Uri url, OpenPage request, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        return UseAsync(
            TimeSpan.FromMilliseconds(request.Timeout) + (DownloadBegin * 2) + (LeastTime * 2),
            async page =>
            {
                if (await TryOpenAsync(page, url, request, began, mayLeave: true) is { } state) return state;
                // The page was on its way elsewhere, and went on: it is left behind, and its place is the new one's.
                page.Leave();
                _ = CloseAsync(page);
                await _context!.NewPageAsync();
                page = Current() ?? throw new BrowserException(Problem.Conflict(BrowserReasons.ClosedItself));
                return (await TryOpenAsync(page, url, request, began, mayLeave: false))!;
            },
            cancellationToken);
    }

    public Task<PageImage> TakeScreenshotAsync(TakeScreenshot request, CancellationToken cancellationToken) => UseAsync(
        PictureTime,
        async page =>
        {
            var png = request.Selector is { } selector ? await page.TakeElementAsync(selector, ActionTime) : await page.TakePictureAsync(request.FullPage);
            return png.Length > PageImage.MaxBytes
                ? throw new BrowserException(Problem.Invalid(request.Selector is null ? "fullPage" : "selector", BrowserReasons.PictureTooLarge))
                : new PageImage { Png = png, Url = UrlOf(page) };
        },
        cancellationToken);

    public Task<ScriptResult> ExecuteAsync(RunScript request, CancellationToken cancellationToken) => UseAsync(
        TimeSpan.FromMilliseconds(request.Timeout) + (SettleTime * 5),
        async page =>
        {
            var value = await page.EvaluateAsync(request.Script, request.Timeout);
            await SettleAsync(page);
            return new ScriptResult { Value = value, Downloads = _downloads!.Take() };
        },
        cancellationToken);

    public Task<PageSnapshot> TakeSnapshotAsync(CancellationToken cancellationToken) => UseAsync(
        SnapshotTime,
        async page =>
        {
            var tree = await page.TakeSnapshotAsync(ActionTime);
            var state = await StateAsync(page, null);
            return new PageSnapshot { Url = state.Url, Title = state.Title, Tree = Cut(tree), Truncated = tree.Length > PageSnapshot.MaxLength };
        },
        cancellationToken);

    public Task<PageState> ActAsync(ActOnPage request, CancellationToken cancellationToken) => UseAsync(
        TimeSpan.FromMilliseconds(ActionTime) + (SettleTime * 5),
        async page =>
        {
            await page.ActAsync(request, ActionTime);
            return await StateAsync(await SettleAsync(page), null);
        },
        cancellationToken);

    /// <summary>Bytes of the downloads under way; one that is too large is ended.</summary>
    public long BoundDownloads() => _downloads?.Bound() ?? 0;

    public void CancelDownloads() => _downloads?.Cancel();

    public async ValueTask DisposeAsync()
    {
        lock (_lock)
        {
            if (_left) return;
            _left = true;
            _pages.Clear();
        }

        try
        {
            _downloads?.Cancel();
            if (_context is { } context) await context.CloseAsync().WaitAsync(CloseTime);
        }
        catch (Exception failure) when (failure is PlaywrightException or TimeoutException)
        {
            // It went with the browser, or goes when its page does.
        }
        finally
        {
            leave(this);
            await _proxy.DisposeAsync();
        }
    }

    private async Task BeginAsync(ChromiumProgram program)
    {
        var context = await program.Browser.NewContextAsync(new BrowserNewContextOptions
        {
            AcceptDownloads = true,
            ViewportSize = new ViewportSize { Width = Width, Height = Height },
            Proxy = new Proxy { Server = string.Create(CultureInfo.InvariantCulture, $"socks5://127.0.0.1:{_proxy.Port}") },
        });
        var directory = program.NewDownloadsDirectory();
        _downloads = new PageDownloads(store, directory, logger);
        context.Page += (_, page) => Hear(() => OnPage(page));
        _context = context;
        try
        {
            await context.NewPageAsync();
            // A directory of its own: whose downloads take the room is then known.
            var page = Current() ?? throw new PlaywrightException("The context was left while it began.");
            await program.SetDownloadsDirectoryAsync(await page.ContextIdAsync(), directory);
        }
        finally
        {
            bool late;
            lock (_lock) late = _left;
            // Nobody waits for it any more, and nobody else would close it.
            if (late) _ = context.CloseAsync();
        }
    }

    /// <summary>Uses the current page, and turns what the driver throws into what a caller can act on.</summary>
    private async Task<T> UseAsync<T>(TimeSpan most, Func<ChromiumPage, Task<T>> use, CancellationToken cancellationToken)
    {
        var page = Current() ?? throw new BrowserException(Problem.NotFound("session", BrowserReasons.NoPage));
        try
        {
            var used = use(page);
            if (await Task.WhenAny(used, page.Gone).WaitAsync(most + Grace, cancellationToken) == page.Gone && !used.IsCompleted) throw Gone(page, null);
            return await used;
        }
        catch (TimeoutException failure)
        {
            // Nothing else can be done with it: whatever is asked of it now waits likewise.
            await CloseAsync(page);
            throw new BrowserException(Problem.Conflict(BrowserReasons.Unresponsive), failure);
        }
        catch (PlaywrightException failure)
        {
            throw page.HasCrashed || page.Page.IsClosed || !IsOpen ? Gone(page, failure) : new BrowserException(Problem.Internal(502, BrowserReasons.Failed), failure);
        }
    }

    private BrowserException Gone(ChromiumPage page, Exception? cause) => new(
        page.HasCrashed ? Problem.Conflict(BrowserReasons.Crashed)
        : IsOpen ? Problem.Conflict(BrowserReasons.ClosedItself)
        : Problem.NotFound("session", BrowserReasons.NoPage),
        cause);

    /// <summary>Null when another navigation of the page took this one's place and <paramref name="mayLeave"/> is set.</summary>
    private async Task<PageState?> TryOpenAsync(ChromiumPage page, Uri url, OpenPage request, long began, bool mayLeave)
    {
        _proxy.ForgetFailure();
        try
        {
            var response = await page.Page.GotoAsync(url.AbsoluteUri, new PageGotoOptions { Timeout = (float)TimeLeft(began, request).TotalMilliseconds, WaitUntil = MomentOf(request.WaitUntil) });
            return await StateAsync(page, response?.Status);
        }
        catch (PlaywrightException failure) when (IsAborted(failure))
        {
            if (await _downloads!.BeginsAsync(DownloadBegin))
            {
                // What the address leads to is a file and no page.
                await _downloads.EndAsync(TimeLeft(began, request));
                return await StateAsync(page, null);
            }

            return mayLeave ? null : throw new BrowserException(NotOpened(failure), failure);
        }
        catch (PlaywrightException failure) when (failure.Message.Contains("net::", StringComparison.Ordinal))
        {
            throw new BrowserException(NotOpened(failure), failure);
        }
        catch (TimeoutException failure)
        {
            // Not waited for: what this throws is to be heard, and not that the page has gone.
            if (!await page.AnswersAsync()) _ = CloseAsync(page);
            throw new BrowserException(Problem.Invalid("timeout", BrowserReasons.NotLoaded(request.Timeout)), failure);
        }
    }

    private ChromiumPage? Current()
    {
        lock (_lock) return _pages.LastOrDefault();
    }

    private void OnPage(IPage opened)
    {
        var page = new ChromiumPage(opened);
        page.Listen();
        opened.Close += (_, _) => Hear(() => Forget(page));
        opened.Crash += (_, _) => Hear(() =>
        {
            page.Crash();
            _ = CloseAsync(page);
        });
        opened.Download += (_, download) => Hear(() => _downloads!.Begin(download));
        bool tooMany;
        lock (_lock)
        {
            tooMany = _pages.Count >= maxPages;
            if (!tooMany) _pages.Add(page);
            _opened.TrySetResult();
            _opened = NewSource();
        }

        if (tooMany) _ = CloseAsync(page);
    }

    /// <summary>The driver's client ends its connection, and every tenant's pages with it, when what hears of an event throws.</summary>
    private void Hear(Action hear)
    {
        try
        {
            hear();
        }
        catch (Exception failure)
        {
            LogNotHeard(failure);
        }
    }

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Forget(ChromiumPage page)
    {
        lock (_lock) _pages.Remove(page);
    }

    private async Task CloseAsync(ChromiumPage page)
    {
        Forget(page);
        try
        {
            await page.Page.CloseAsync().WaitAsync(CloseTime);
        }
        catch (Exception failure) when (failure is PlaywrightException or TimeoutException)
        {
            // It is gone, or goes with its context.
        }
    }

    /// <summary>Waits for a page that goes elsewhere or was opened beside it, and for what it gives to be saved; not for ever.</summary>
    /// <returns>The page that is the current one now.</returns>
    private async Task<ChromiumPage> SettleAsync(ChromiumPage page)
    {
        try
        {
            // What has begun is told of before this is answered, but for a page beside it.
            await page.AnswersAsync();
            var pages = Math.Min(await page.CountPagesAsync(), maxPages);
            await WaitForPagesAsync(pages).WaitAsync(SettleTime);
            page = Current() ?? page;
            if (!await page.ArriveAsync(SettleTime)) await _downloads!.BeginsAsync(DownloadBegin);
        }
        catch (TimeoutException)
        {
            // It is as far as it is.
        }
        catch (PlaywrightException) when (Current() is { } left && left != page)
        {
            // It has closed itself.
            page = left;
        }

        await _downloads!.EndAsync(SettleTime);
        return page;
    }

    private async Task WaitForPagesAsync(int count)
    {
        while (true)
        {
            Task opened;
            lock (_lock)
            {
                if (_pages.Count >= count || _left) return;
                opened = _opened.Task;
            }

            await opened;
        }
    }

    private async Task<PageState> StateAsync(ChromiumPage page, int? status)
    {
        var title = await page.TitleAsync();
        return new PageState
        {
            Url = UrlOf(page),
            Title = title.Length > MaxTitleLength ? title[..MaxTitleLength] : title,
            Status = status,
            Downloads = _downloads!.Take(),
        };
    }

    private static string UrlOf(ChromiumPage page) => page.Page.Url is { Length: > MaxUrlLength } url ? url[..MaxUrlLength] : page.Page.Url;

    /// <summary>What the proxy knows of the host says more than the browser's own error.</summary>
    private Problem NotOpened(PlaywrightException failure)
    {
        var error = NetworkError().Match(failure.Message) is { Success: true } match ? match.Groups[1].Value : "ERR_ABORTED";
        return error.StartsWith("ERR_SOCKS", StringComparison.Ordinal) && _proxy.Failure is { } refused
            ? Problem.Invalid("url", refused.Reason)
            : Problem.Invalid("url", BrowserReasons.NotOpened(error));
    }

    /// <summary>As much of a tree as an answer holds, in whole lines where it has any.</summary>
    private static string Cut(string tree)
    {
        if (tree.Length <= PageSnapshot.MaxLength) return tree;
        var end = tree.LastIndexOf('\n', PageSnapshot.MaxLength);
        return tree[..(end > 0 ? end : PageSnapshot.MaxLength)];
    }

    /// <summary>What is left of a call's time.</summary>
    private TimeSpan TimeLeft(long began, OpenPage request)
    {
        var left = TimeSpan.FromMilliseconds(request.Timeout) - time.GetElapsedTime(began);
        return left > LeastTime ? left : LeastTime;
    }

    private static bool IsAborted(PlaywrightException failure) =>
        failure.Message.Contains("ERR_ABORTED", StringComparison.Ordinal) || failure.Message.Contains("Download is starting", StringComparison.Ordinal)
        || failure.Message.Contains("interrupted by another navigation", StringComparison.Ordinal);

    private static WaitUntilState MomentOf(PageMoment moment) => moment switch
    {
        PageMoment.DomContentLoaded => WaitUntilState.DOMContentLoaded,
        PageMoment.NetworkIdle => WaitUntilState.NetworkIdle,
        PageMoment.Commit => WaitUntilState.Commit,
        _ => WaitUntilState.Load,
    };

    /// <summary>As the browser names what went wrong. What a page says may follow it, and is not passed on.</summary>
    [GeneratedRegex("net::(ERR_[A-Z0-9_]+)", RegexOptions.CultureInvariant)]
    private static partial Regex NetworkError();

    [LoggerMessage(6209, LogLevel.Error, "What the browser told of was not understood")]
    private partial void LogNotHeard(Exception exception);
}
