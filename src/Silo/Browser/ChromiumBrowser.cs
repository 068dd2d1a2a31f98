using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Playwright;
using OpenClaw.Grains.Abstractions.Browser;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Browser;
using OpenClaw.Grains.Egress;

namespace OpenClaw.Silo.Browser;

/// <summary>
/// The silo's Chromium: started with the first context, again when it has died, and ended when no context has been open for
/// the idle time.
/// </summary>
internal sealed partial class ChromiumBrowser(
    EgressPolicy egress, IOptions<BrowserOptions> options, TimeProvider time, ILogger<ChromiumBrowser> logger)
    : Grains.Browser.IBrowser, IHostedService, IAsyncDisposable
{
    /// <summary>Of contexts in a row that could not be made, before a browser that still runs is ended.</summary>
    private const int MaxFailures = 3;

    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly List<ChromiumContext> _contexts = [];
    private Run? _run;
    private bool _disposed;

    public Problem? FindProblem() =>
        options.Value.Engine == "off" ? Problem.Forbidden(BrowserReasons.Off)
        : ChromiumProgram.Find(options.Value) is null ? Problem.Internal(503, BrowserReasons.NotInstalled)
        : null;

    public async Task<Grains.Browser.IBrowserContext> CreateContextAsync(
        BrowserKey key, Func<string, string, Task<PageDownload>> store, CancellationToken cancellationToken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var run = await EnsureRunAsync(cancellationToken);
            var context = Reserve(key, store);
            try
            {
                await context.BeginAsync(run.Program, cancellationToken);
                run.Failures = 0;
                return context;
            }
            catch (Exception failure)
            {
                await context.DisposeAsync();
                if (failure is not (PlaywrightException or TimeoutException)) throw;
                // One that runs is others' too, and is given up only when it makes nothing more.
                var died = !run.Program.Browser.IsConnected;
                if (died || ++run.Failures >= MaxFailures)
                {
                    LogDied(failure);
                    await EndAsync(run, onlyUnused: false);
                }

                if (!died || attempt > 0) throw new BrowserException(Problem.Internal(503, BrowserReasons.NotStarted, 5), failure);
            }
        }
    }

    /// <summary>Starts the browser ahead of its first page, where it is to be kept running. The server does not wait for it.</summary>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.KeepRunning && FindProblem() is null) _ = StartAheadAsync();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        // The container disposes it once for each service that it is.
        await _starting.WaitAsync();
        try
        {
            _disposed = true;
            if (_run is { } run) await StopAsync(run);
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task StartAheadAsync()
    {
        try
        {
            await EnsureRunAsync(CancellationToken.None);
        }
        catch (BrowserException)
        {
            // The log has it; the first page tries again.
        }
    }

    /// <summary>Takes a place among the contexts, which is given back when the context is disposed.</summary>
    private ChromiumContext Reserve(BrowserKey key, Func<string, string, Task<PageDownload>> store)
    {
        var limits = options.Value;
        lock (_contexts)
        {
            if (_contexts.Count(context => context.Key.Tenant == key.Tenant) >= limits.MaxContextsPerTenant)
                throw new BrowserException(Problem.RateLimited(BrowserReasons.TooManyContexts(limits.MaxContextsPerTenant), 60));
            if (_contexts.Count >= limits.MaxContexts) throw new BrowserException(Problem.Internal(503, BrowserReasons.Busy, 30));
            var context = new ChromiumContext(key, limits.MaxPages, store, egress, Leave, time, logger);
            _contexts.Add(context);
            return context;
        }
    }

    private void Leave(ChromiumContext context)
    {
        lock (_contexts)
        {
            _contexts.Remove(context);
            if (_run is { } run && _contexts.Count == 0) run.UnusedSince = time.GetTimestamp();
        }
    }

    private async Task<Run> EnsureRunAsync(CancellationToken cancellationToken)
    {
        await _starting.WaitAsync(cancellationToken);
        try
        {
            if (_run is { Program.Browser.IsConnected: true } running) return running;
            if (_run is { } dead) await StopAsync(dead);
            if (_disposed) throw new BrowserException(Problem.Internal(503, BrowserReasons.NotStarted, 5));
            var program = ChromiumProgram.Find(options.Value) ?? throw new BrowserException(Problem.Internal(503, BrowserReasons.NotInstalled));
            var began = time.GetTimestamp();
            try
            {
                _run = await StartAsync(program);
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                LogNotStarted(failure);
                throw new BrowserException(Problem.Internal(503, BrowserReasons.NotStarted, 30), failure);
            }

            LogStarted(_run.Program.Browser.Version, _run.Program.ProcessId, (long)time.GetElapsedTime(began).TotalMilliseconds);
            return _run;
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <summary>
    /// Starts what serves every tenant, outside the flow of the tenant that is the first: events come in the flow in which their
    /// source was started, and a grain call takes its tenant from there.
    /// </summary>
    private Task<Run> StartAsync(string program)
    {
        using (ExecutionContext.SuppressFlow())
        {
            return Task.Run(async () =>
            {
                var run = new Run(await ChromiumProgram.StartAsync(program, options.Value));
                _ = WatchAsync(run);
                return run;
            });
        }
    }

    private async Task EndAsync(Run run, bool onlyUnused)
    {
        await _starting.WaitAsync();
        try
        {
            if (!onlyUnused || IsUnused(run)) await StopAsync(run);
        }
        finally
        {
            _starting.Release();
        }
    }

    private async Task StopAsync(Run run)
    {
        if (run.Stopping.IsCancellationRequested) return;
        await run.Stopping.CancelAsync();
        await run.Program.DisposeAsync();
        if (_run == run) _run = null;
    }

    /// <summary>Keeps the browser within its memory and its downloads within their room, and ends it when nobody needs it.</summary>
    private async Task WatchAsync(Run run)
    {
        var memory = new BrowserMemory(run.Program, options.Value);
        using var timer = new PeriodicTimer(WatchPeriod, time);
        try
        {
            while (await timer.WaitForNextTickAsync(run.Stopping.Token))
            {
                try
                {
                    Look(run, memory);
                }
                catch (Exception failure) when (failure is not OutOfMemoryException)
                {
                    // Without the watch nothing would bound the browser any more.
                    LogNotWatched(failure);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It has been stopped.
        }
    }

    private void Look(Run run, BrowserMemory memory)
    {
        if (memory.KillExcess(out var shared) is { } bytes) LogPageKilled(bytes >> 20);
        BoundDownloads();
        if (shared > 0) LogShared(shared >> 20);
        // Not awaited: it waits for whoever starts a context right now, and that one may wait for this.
        if (shared > 0 || IsUnused(run)) _ = EndAsync(run, onlyUnused: shared == 0);
    }

    private bool IsUnused(Run run)
    {
        if (options.Value.KeepRunning) return false;
        lock (_contexts)
            return _contexts.Count == 0 && run.UnusedSince is { } since && time.GetElapsedTime(since) >= options.Value.IdleTime;
    }

    private void BoundDownloads()
    {
        List<(ChromiumContext Context, long Bytes)> downloads;
        lock (_contexts) downloads = [.. _contexts.Select(context => (context, context.BoundDownloads()))];
        if (downloads.Sum(download => download.Bytes) <= (long)options.Value.DownloadsMiB << 20) return;
        LogDownloads(options.Value.DownloadsMiB);
        downloads.MaxBy(download => download.Bytes).Context.CancelDownloads();
    }

    [LoggerMessage(6202, LogLevel.Information, "Chromium {Version} runs as process {ProcessId}, started in {Milliseconds} ms")]
    private partial void LogStarted(string version, int processId, long milliseconds);

    [LoggerMessage(6203, LogLevel.Error, "Chromium does not start")]
    private partial void LogNotStarted(Exception exception);

    [LoggerMessage(6204, LogLevel.Warning, "Chromium has died and is started again")]
    private partial void LogDied(Exception exception);

    [LoggerMessage(6205, LogLevel.Warning, "A page's process was killed at {MiB} MiB of memory")]
    private partial void LogPageKilled(long miB);

    [LoggerMessage(6206, LogLevel.Warning, "The downloads of one context were ended: with all others they were over {MiB} MiB")]
    private partial void LogDownloads(int miB);

    [LoggerMessage(6210, LogLevel.Error, "The browser's own processes are at {MiB} MiB of memory: it is ended and starts anew")]
    private partial void LogShared(long miB);

    [LoggerMessage(6211, LogLevel.Error, "The browser could not be looked after")]
    private partial void LogNotWatched(Exception exception);

    /// <summary>One run of the program.</summary>
    private sealed class Run(ChromiumProgram program)
    {
        public ChromiumProgram Program => program;

        /// <summary>Contexts in a row that could not be made.</summary>
        public int Failures { get; set; }

        public CancellationTokenSource Stopping { get; } = new();

        /// <summary>When its last context went; null while none has.</summary>
        public long? UnusedSince { get; set; }
    }
}
