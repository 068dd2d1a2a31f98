using Microsoft.Extensions.Logging;
using Microsoft.Playwright;
using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Abstractions.Workspaces;
using OpenClaw.Grains.Browser;

namespace OpenClaw.Silo.Browser;

/// <summary>What the pages of a context give to be saved, from its beginning to the workspace.</summary>
/// <param name="store">Keeps a file: its name and where it lies for now.</param>
/// <param name="directory">Where the browser puts them; it makes it when there is a first.</param>
/// <param name="logger">Hears of those that were not kept.</param>
internal sealed partial class PageDownloads(Func<string, string, Task<PageDownload>> store, string directory, ILogger logger)
{
    private const int MaxAtOnce = 8;

    /// <summary>What a workspace takes of one file; one that grows beyond it is ended.</summary>
    private const long MaxBytes = ReadFile.MaxLength;

    /// <summary>Told of in one answer; what comes beyond is kept and not told of.</summary>
    private const int MaxTold = 100;

    /// <summary>How long one may take.</summary>
    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly List<(IDownload Download, Task Ended)> _running = [];
    private readonly List<PageDownload> _ended = [];
    private bool _tooLarge;
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

        _ = EndAsync(download);
    }

    /// <summary>Bytes of those that are under way. One that is too large is ended, and with it the others of its context.</summary>
    public long Bound()
    {
        var all = 0L;
        var tooLarge = false;
        try
        {
            foreach (var file in new DirectoryInfo(directory).EnumerateFiles())
            {
                all += file.Length;
                tooLarge |= file.Length > MaxBytes;
            }
        }
        catch (IOException)
        {
            // There was none yet, or one went while it was looked at.
        }

        if (tooLarge) Cancel();
        return all;
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

    /// <summary>Ends those that are under way, for they take too much.</summary>
    public void Cancel()
    {
        List<IDownload> downloads;
        lock (_lock)
        {
            downloads = [.. _running.Select(running => running.Download)];
            _tooLarge = downloads.Count > 0;
        }

        foreach (var download in downloads) _ = CancelAsync(download);
    }

    private async Task KeepAsync(IDownload download)
    {
        // Not inside Begin's lock.
        await Task.Yield();
        PageDownload kept;
        try
        {
            // The driver believes it elsewhere: see ChromiumContext.BeginAsync.
            var file = Path.Combine(directory, Path.GetFileName(await download.PathAsync().WaitAsync(MaxTime)));
            kept = await store(download.SuggestedFilename, file);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            LogNotKept(failure);
            kept = new PageDownload(download.SuggestedFilename, null, _tooLarge ? BrowserReasons.DownloadTooLarge : BrowserReasons.DownloadFailed);
        }

        await EndAsync(download);
        lock (_lock)
        {
            _running.RemoveAll(running => running.Download == download);
            if (_running.Count == 0) _tooLarge = false;
            if (_ended.Count < MaxTold) _ended.Add(kept);
        }
    }

    /// <summary>Ends one that may be under way, and removes what there is of it.</summary>
    private async Task EndAsync(IDownload download)
    {
        await CancelAsync(download);
        try
        {
            // One that was ended has no file: the browser has removed it.
            if (await download.FailureAsync().WaitAsync(MaxTime) is null)
                File.Delete(Path.Combine(directory, Path.GetFileName(await download.PathAsync())));
        }
        catch (Exception failure) when (failure is PlaywrightException or TimeoutException or IOException or UnauthorizedAccessException)
        {
            // It went with its context.
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
