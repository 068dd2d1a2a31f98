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
    private static readonly TimeSpan WatchPeriod = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _starting = new(1, 1);
    private readonly List<ChromiumContext> _contexts = [];
    private SocksProxy? _proxy;
    private Run? _run;

    public Problem? FindProblem() =>
        options.Value.Engine == "off" ? new Problem { Code = ErrorCode.Forbidden, Status = 403, Reason = BrowserReasons.Off }
        : ChromiumProgram.Find(options.Value) is null ? Problem.Internal(503, BrowserReasons.NotInstalled)
        : null;

    public async Task<Grains.Browser.IBrowserContext> CreateContextAsync(
        BrowserKey key, Func<string, string, Task<PageDownload>> store, CancellationToken cancellationToken)
    {
        var reserved = Reserve(key, store);
        try
        {
            for (var attempt = 0; ; attempt++)
            {
                var run = await EnsureRunAsync(cancellationToken);
                try
                {
                    await reserved.BeginAsync(run.Program.Browser, _proxy!);
                    return reserved;
                }
                catch (PlaywrightException failure) when (attempt == 0)
                {
                    // It died between two contexts, and nobody has noticed yet.
                    LogDied(failure);
                    await EndAsync(run, onlyUnused: false);
                }
            }
        }
        catch (Exception failure)
        {
            await reserved.DisposeAsync();
            if (failure is PlaywrightException) throw new BrowserException(Problem.Internal(503, BrowserReasons.NotStarted, 5), failure);
            throw;
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
        await _starting.WaitAsync();
        try
        {
            if (_run is { } run) await StopAsync(run);
            // The container disposes it once for each service that it is.
            var proxy = _proxy;
            _proxy = null;
            if (proxy is not null) await proxy.DisposeAsync();
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
            var context = new ChromiumContext(key, limits.MaxPages, store, Leave, logger);
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
            var program = ChromiumProgram.Find(options.Value) ?? throw new BrowserException(Problem.Internal(503, BrowserReasons.NotInstalled));
            var began = time.GetTimestamp();
            try
            {
                _run = await StartAsync(program);
            }
            catch (Exception failure) when (failure is PlaywrightException or TimeoutException or IOException or UnauthorizedAccessException)
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
                _proxy ??= new SocksProxy(egress, logger);
                var run = new Run(await ChromiumProgram.StartAsync(program, options.Value, _proxy.Port));
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
        var limits = options.Value;
        var memory = new BrowserMemory(run.Program.ProcessId, (long)limits.PageMemoryMiB << 20, (long)limits.MemoryMiB << 20);
        using var timer = new PeriodicTimer(WatchPeriod, time);
        try
        {
            while (await timer.WaitForNextTickAsync(run.Stopping.Token))
            {
                if (memory.KillExcess() is { } bytes) LogPageKilled(bytes >> 20);
                if (SizeOf(run.Program.DownloadsDirectory) > (long)limits.DownloadsMiB << 20) CancelDownloads();
                if (!IsUnused(run)) continue;
                // Not awaited: it waits for whoever starts a context right now, and that one may wait for this.
                _ = EndAsync(run, onlyUnused: true);
            }
        }
        catch (OperationCanceledException)
        {
            // It has been stopped.
        }
    }

    private bool IsUnused(Run run)
    {
        if (options.Value.KeepRunning) return false;
        lock (_contexts)
            return _contexts.Count == 0 && run.UnusedSince is { } since && time.GetElapsedTime(since) >= options.Value.IdleTime;
    }

    private void CancelDownloads()
    {
        LogDownloads(options.Value.DownloadsMiB);
        lock (_contexts)
        {
            foreach (var context in _contexts) context.CancelDownloads();
        }
    }

    private static long SizeOf(string directory)
    {
        try
        {
            return new DirectoryInfo(directory).EnumerateFiles().Sum(file => file.Length);
        }
        catch (IOException)
        {
            // One went while it was looked at.
            return 0;
        }
    }

    [LoggerMessage(6202, LogLevel.Information, "Chromium {Version} runs as process {ProcessId}, started in {Milliseconds} ms")]
    private partial void LogStarted(string version, int processId, long milliseconds);

    [LoggerMessage(6203, LogLevel.Error, "Chromium does not start")]
    private partial void LogNotStarted(Exception exception);

    [LoggerMessage(6204, LogLevel.Warning, "Chromium has died and is started again")]
    private partial void LogDied(Exception exception);

    [LoggerMessage(6205, LogLevel.Warning, "A page's process was killed at {MiB} MiB of memory")]
    private partial void LogPageKilled(long miB);

    [LoggerMessage(6206, LogLevel.Warning, "Every download was ended: together they were over {MiB} MiB")]
    private partial void LogDownloads(int miB);

    /// <summary>One run of the program.</summary>
    private sealed class Run(ChromiumProgram program)
    {
        public ChromiumProgram Program => program;

        public CancellationTokenSource Stopping { get; } = new();

        /// <summary>When its last context went; null while none has.</summary>
        public long? UnusedSince { get; set; }
    }
}
