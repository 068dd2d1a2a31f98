using Orleans.Concurrency;

namespace OpenClaw.Grains.Abstractions.Browser;

/// <summary>
/// One isolated browser context: its cookies, its storage, its pages. Key: <see cref="BrowserKey"/>. In memory alone: it ends
/// with its silo, with the browser's death, and after ten idle minutes.
/// </summary>
/// <remarks>Calls are made one after the other, in the order in which they come. Whoever finds no page open gets <c>NOT_FOUND</c>.</remarks>
[Alias("OpenClaw.IBrowserGrain")]
public interface IBrowserGrain : IGrainWithStringKey
{
    /// <summary>Opens a page, and the context before it when there is none.</summary>
    [Alias("Open"), Repeatable, ResponseTimeout("00:02:00")]
    Task<PageState> Open(OpenPage request, CancellationToken cancellationToken);

    [Alias("Screenshot"), Repeatable, ResponseTimeout("00:02:00")]
    Task<PageImage> Screenshot(TakeScreenshot request, CancellationToken cancellationToken);

    /// <summary>Runs a script in the page.</summary>
    [Alias("Execute"), ResponseTimeout("00:02:00")]
    Task<ScriptResult> Execute(RunScript request, CancellationToken cancellationToken);

    /// <summary>The accessibility tree; its references hold until the next one.</summary>
    [Alias("Snapshot"), Repeatable, ResponseTimeout("00:02:00")]
    Task<PageSnapshot> Snapshot(CancellationToken cancellationToken);

    [Alias("Act"), ResponseTimeout("00:02:00")]
    Task<PageState> Act(ActOnPage request, CancellationToken cancellationToken);

    /// <summary>Closes the context with all that it holds. False when there is none.</summary>
    /// <remarks>Interleaves: a call that is under way ends with <c>NOT_FOUND</c>.</remarks>
    [Alias("Close"), AlwaysInterleave, Repeatable, ResponseTimeout("00:00:30")]
    Task<bool> Close(CancellationToken cancellationToken);
}
