using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Browser;

/// <summary>The one browser process of a silo, started when it is first needed and again when it has died.</summary>
public interface IBrowser
{
    /// <summary>Why pages cannot be opened here, or null.</summary>
    Problem? FindProblem();

    /// <summary>A new context that shares nothing with others.</summary>
    /// <param name="key">Whose it is.</param>
    /// <param name="store">Keeps a file that a page gave: its name and where it lies for now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BrowserException">There are as many contexts as there may be, or the browser does not start.</exception>
    Task<IBrowserContext> CreateContextAsync(BrowserKey key, Func<string, string, Task<PageDownload>> store, CancellationToken cancellationToken);
}

/// <summary>A context with its pages; the last one opened is the one that is meant. Its members are used one after the other.</summary>
/// <remarks>Every member that takes a token throws <see cref="BrowserException"/>.</remarks>
public interface IBrowserContext : IAsyncDisposable
{
    /// <summary>Whether it can still be used: neither closed, nor crashed, nor gone with the browser.</summary>
    bool IsOpen { get; }

    Task<PageState> OpenAsync(Uri url, OpenPage request, CancellationToken cancellationToken);

    Task<PageImage> TakeScreenshotAsync(TakeScreenshot request, CancellationToken cancellationToken);

    Task<ScriptResult> ExecuteAsync(RunScript request, CancellationToken cancellationToken);

    Task<PageSnapshot> TakeSnapshotAsync(CancellationToken cancellationToken);

    Task<PageState> ActAsync(ActOnPage request, CancellationToken cancellationToken);
}

/// <summary>The browser could not do what was asked; the problem says what the caller may change.</summary>
public sealed class BrowserException(Problem problem, Exception? inner = null) : Exception(problem.Reason?.English, inner)
{
    public Problem Problem => problem;
}
