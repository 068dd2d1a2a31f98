using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Browser;

namespace OpenClaw.Silo.Browser;

/// <summary>What the pages of a context give to be saved, from its beginning to the workspace.</summary>
internal sealed partial class PageDownloads(Func<string, string, Task<PageDownload>> store, ILogger logger)
{
    private const int MaxAtOnce = 8;

    /// <summary>Told of in one answer; what comes beyond is kept and not told of.</summary>
    private const int MaxTold = 100;

    /// <summary>How long one may take.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly List<(IDownload Download, Task Ended)> _running = [];
    private readonly List<PageDownload> _ended = [];
    private TaskCompletionSource _began = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether one has begun since <see cref="Take"/>, or does within the time: a browser tells of it a moment late.</summary>
    public async Task<bool> BeginsAsync(TimeSpan most)
    {
        Task began;
        lock (_lock) began = _began.Task;
        try
        {
            await began.WaitAsync(most);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Begin(IDownload download)
    {
        lock (_lock)
        {
            _began.TrySetResult();
            if (_running.Count < MaxAtOnce)
            {
                _running.Add((download, KeepAsync(download)));
                return;
            }
        }

        _ = CancelAsync(download);
    }

    /// <summary>Waits for those that are under way; not for longer than it is told to.</summary>
    public async Task EndAsync(TimeSpan most)
    {
        Task ended;
        lock (_lock) ended = Task.WhenAll(_running.Select(running => running.Ended));
        try
        {
            await ended.WaitAsync(most);
        }
        catch (TimeoutException)
        {
            // The next answer tells of it.
        }
    }

    /// <summary>Those that have ended since the last time.</summary>
    public IReadOnlyList<PageDownload> Take()
    {
        lock (_lock)
        {
            var taken = _ended.ToArray();
            _ended.Clear();
            if (_running.Count == 0) _began = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return taken;
        }
    }

    public void Cancel()
    {
        List<IDownload> downloads;
        lock (_lock) downloads = [.. _running.Select(running => running.Download)];
        foreach (var download in downloads) _ = CancelAsync(download);
    }

    private async Task KeepAsync(IDownload download)
    {
        // Not inside Begin's lock.
        await Task.Yield();
        var name = download.SuggestedFilename;
        PageDownload kept;
        try
        {
            kept = await store(name, await download.PathAsync().WaitAsync(MaxTime));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            LogNotKept(failure);
            kept = new PageDownload(name, null, BrowserReasons.DownloadFailed);
        }

        await CancelAsync(download);
        try
        {
            await download.DeleteAsync();
        }
        catch (PlaywrightException)
        {
            // It went with its context.
        }

        lock (_lock)
        {
            _running.RemoveAll(running => running.Download == download);
            if (_ended.Count < MaxTold) _ended.Add(kept);
        }
    }

    private static async Task CancelAsync(IDownload download)
    {
        try
        {
            await download.CancelAsync();
        }
        catch (PlaywrightException)
        {
            // It went with its context.
        }
    }

    [LoggerMessage(6207, LogLevel.Warning, "What a page gave was not kept")]
    private partial void LogNotKept(Exception exception);
}
