using System.Text;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Egress;

namespace OpenClaw.Grains.Browser;

/// <inheritdoc cref="IBrowserGrain"/>
[GrainType("browser")]
internal sealed partial class BrowserGrain(
    IBrowser browser, EgressPolicy egress, DownloadFolder downloads, IOptions<BrowserOptions> options, ILogger<BrowserGrain> logger)
    : Grain, IBrowserGrain
{
    private readonly TimeSpan _idleTime = options.Value.IdleTime;
    private IBrowserContext? _context;
    private IGrainTimer? _idle;

    private BrowserKey Key => BrowserKey.Parse(this.GetPrimaryKeyString());

    public async Task<PageState> Open(OpenPage request, CancellationToken cancellationToken)
    {
        if (FindProblem(request, out var url) is { } invalid) return new PageState { Problem = invalid };
        if (browser.FindProblem() is { } unavailable) return new PageState { Problem = unavailable };
        if (await egress.CheckAsync(url, "url", cancellationToken) is { } refused) return new PageState { Problem = refused };
        try
        {
            if (_context is not { IsOpen: true })
            {
                await CloseAsync();
                var tenant = Key.Tenant;
                _context = await browser.CreateContextAsync(Key, (name, file) => downloads.StoreAsync(tenant, name, file), cancellationToken);
            }

            return await _context.OpenAsync(url, request, cancellationToken);
        }
        catch (BrowserException failure)
        {
            return new PageState { Problem = Report(failure) };
        }
        finally
        {
            await AwaitIdleAsync();
        }
    }

    public Task<PageImage> Screenshot(TakeScreenshot request, CancellationToken cancellationToken) => UseAsync(
        request.Selector is { } selector ? FindProblem("selector", selector, TakeScreenshot.MaxSelectorLength) : null,
        context => context.TakeScreenshotAsync(request, cancellationToken),
        problem => new PageImage { Problem = problem });

    public Task<ScriptResult> Execute(RunScript request, CancellationToken cancellationToken) => UseAsync(
        string.IsNullOrWhiteSpace(request.Script) ? Problem.Invalid("script", Reasons.Empty)
        : Encoding.UTF8.GetByteCount(request.Script) > RunScript.MaxScriptBytes ? Problem.Invalid("script", Reasons.TooLong(RunScript.MaxScriptBytes, "bytes of UTF-8"))
        : request.Timeout is < 1 or > OpenPage.MaxTimeout ? Problem.Invalid("timeout", BrowserReasons.Timeout)
        : null,
        context => context.ExecuteAsync(request, cancellationToken),
        problem => new ScriptResult { Problem = problem });

    public Task<PageSnapshot> Snapshot(CancellationToken cancellationToken) => UseAsync(
        null,
        context => context.TakeSnapshotAsync(cancellationToken),
        problem => new PageSnapshot { Problem = problem });

    public Task<PageState> Act(ActOnPage request, CancellationToken cancellationToken) => UseAsync(
        FindProblem(request),
        context => context.ActAsync(request, cancellationToken),
        problem => new PageState { Problem = problem });

    public async Task<bool> Close(CancellationToken cancellationToken)
    {
        var wasOpen = _context is { IsOpen: true };
        await CloseAsync();
        DeactivateOnIdle();
        return wasOpen;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => CloseAsync();

    private async Task<T> UseAsync<T>(Problem? invalid, Func<IBrowserContext, Task<T>> use, Func<Problem, T> refuse)
    {
        if (invalid is not null) return refuse(invalid);
        if (_context is not { IsOpen: true } context) return refuse(Problem.NotFound("session", BrowserReasons.NoPage));
        try
        {
            return await use(context);
        }
        catch (BrowserException failure)
        {
            return refuse(Report(failure));
        }
        finally
        {
            await AwaitIdleAsync();
        }
    }

    private Problem Report(BrowserException failure)
    {
        if (failure.Problem.Status >= 500) LogFailed(failure, Key.ToString());
        return failure.Problem;
    }

    /// <summary>Counts idle time from now. A context that cannot be used any more goes at once.</summary>
    private async Task AwaitIdleAsync()
    {
        if (_context is not { IsOpen: true })
        {
            await CloseAsync();
            return;
        }

        DelayDeactivation(_idleTime + TimeSpan.FromMinutes(1));
        if (_idle is { } idle) idle.Change(_idleTime, Timeout.InfiniteTimeSpan);
        else _idle = this.RegisterGrainTimer(static (grain, _) => grain.Close(CancellationToken.None), this, new GrainTimerCreationOptions(_idleTime, Timeout.InfiniteTimeSpan));
    }

    private async Task CloseAsync()
    {
        _idle?.Dispose();
        _idle = null;
        var context = _context;
        _context = null;
        if (context is not null) await context.DisposeAsync();
    }

    private static Problem? FindProblem(OpenPage request, out Uri url) =>
        EgressPolicy.Parse(request.Url, "url", out url) is { } invalid ? invalid
        : !Enum.IsDefined(request.WaitUntil) ? Problem.Invalid("waitUntil", BrowserReasons.Moment)
        : request.Timeout is < 1 or > OpenPage.MaxTimeout ? Problem.Invalid("timeout", BrowserReasons.Timeout)
        : null;

    private static Problem? FindProblem(ActOnPage request) => request.Action switch
    {
        _ when request.Ref is { } named && !Reference().IsMatch(named) => Problem.Invalid("ref", BrowserReasons.NoRef),
        not PageAction.Press when request.Ref is null => Problem.Invalid("ref", BrowserReasons.NoRef),
        // To type nothing empties a field.
        PageAction.Type => request.Text is null ? Problem.Invalid("text", Reasons.Empty)
            : request.Text.Length > ActOnPage.MaxTextLength ? Problem.Invalid("text", Reasons.TooLong(ActOnPage.MaxTextLength, "characters")) : null,
        PageAction.Press => FindProblem("key", request.Key, 64),
        PageAction.Select => FindProblem("value", request.Value, 1024),
        _ => null,
    };

    private static Problem? FindProblem(string field, string? text, int most) =>
        string.IsNullOrEmpty(text) ? Problem.Invalid(field, Reasons.Empty)
        : text.Length > most ? Problem.Invalid(field, Reasons.TooLong(most, "characters"))
        : null;

    [LoggerMessage(6200, LogLevel.Warning, "The browser of {Key} could not do what it was asked for")]
    private partial void LogFailed(Exception exception, string key);

    /// <summary>What snapshots hold; those of an embedded page begin with its number.</summary>
    [GeneratedRegex(@"\A(?:f[0-9]{1,4})?e[0-9]{1,7}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Reference();
}
