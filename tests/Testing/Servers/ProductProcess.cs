using System.Diagnostics;
using System.Text;

namespace OpenClaw.Testing.Servers;

/// <summary>One process of the product, started, killed and stopped as its operators do it; the same settings at every start.</summary>
public sealed class ProductProcess : IAsyncDisposable
{
    private readonly ProcessStartInfo _start;
    private readonly TimeSpan _startTimeout;
    private readonly StringBuilder _output = new();
    private Process? _process;

    /// <param name="program">The project's name, such as <c>OpenClaw.WebFrontend</c>; it has been built in Release.</param>
    /// <param name="workingDirectory">Where it is started.</param>
    /// <param name="baseAddress">Where it serves <c>/readyz</c>.</param>
    /// <param name="environment">Its settings, in place of whatever settings of the product this process has.</param>
    /// <param name="startTimeout">How long it may take until it is ready.</param>
    public ProductProcess(
        string program, string workingDirectory, Uri baseAddress, IReadOnlyDictionary<string, string> environment, TimeSpan startTimeout)
    {
        BaseAddress = baseAddress;
        _startTimeout = startTimeout;
        _start = new ProcessStartInfo("dotnet", [Find(program)])
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        RemoveSettings(_start.Environment);
        foreach (var (name, value) in environment)
            _start.Environment[name] = value;
    }

    /// <summary>The same after a restart.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The process's id while it runs.</summary>
    public int ProcessId => Running.Id;

    /// <summary>True from the start until <see cref="Kill"/>, <see cref="StopAsync"/> or an end of its own.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>What the current process has written to its standard output and error.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    private Process Running => _process ?? throw new InvalidOperationException("The process is not running.");

    /// <summary>Starts it and returns at once.</summary>
    public void Launch()
    {
        lock (_output)
            _output.Clear();
        var process = new Process { StartInfo = _start };
        process.OutputDataReceived += (_, line) => Capture(line.Data);
        process.ErrorDataReceived += (_, line) => Capture(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    /// <exception cref="TimeoutException">It was not ready in time.</exception>
    /// <exception cref="InvalidOperationException">It ended.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        Launch();
        return WaitUntilReadyAsync(cancellationToken);
    }

    /// <summary>Runs the program with a command of its, under the same settings and beside what runs.</summary>
    /// <returns>What it wrote to its standard output.</returns>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it wrote.</exception>
    public async Task<string> RunCommandAsync(string[] command, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(_start.FileName, [.. _start.ArgumentList, .. command])
        {
            WorkingDirectory = _start.WorkingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        foreach (var (name, value) in _start.Environment)
            start.Environment[name] = value;
        using var process = new Process { StartInfo = start };
        process.Start();
        var written = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0
            ? written[0]
            : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}:\n{string.Concat(written)}");
    }

    /// <summary>SIGKILL to exactly this process: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        Running.Kill(entireProcessTree: false);
        Running.WaitForExit();
        Release();
    }

    /// <summary>SIGTERM, then waits for the end of the process. Returns its exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        Terminate();
        return await WaitForExitAsync(cancellationToken);
    }

    /// <summary>SIGTERM alone.</summary>
    public void Terminate() => Signals.Send(Running.Id, Signals.Terminate);

    /// <summary>Waits until the process has ended by itself. Returns its exit code.</summary>
    public async Task<int> WaitForExitAsync(CancellationToken cancellationToken)
    {
        await Running.WaitForExitAsync(cancellationToken);
        var exitCode = Running.ExitCode;
        Release();
        return exitCode;
    }

    /// <summary>SIGSTOP: the process stands still and its connections stay open.</summary>
    public void Pause() => Signals.Send(Running.Id, Signals.Stop);

    /// <summary>SIGCONT: it goes on after <see cref="Pause"/>.</summary>
    public void Continue() => Signals.Send(Running.Id, Signals.Continue);

    /// <summary>Waits until <c>/readyz</c> says that it can work.</summary>
    /// <exception cref="TimeoutException">It was not ready in time.</exception>
    /// <exception cref="InvalidOperationException">It ended.</exception>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        var process = Running;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_startTimeout);
        using var http = new HttpClient { BaseAddress = BaseAddress };
        try
        {
            while (!await IsReadyAsync(http, limit.Token))
            {
                if (process.HasExited)
                    throw new InvalidOperationException($"The server ended with {process.ExitCode} before it was ready.\n{Output}");
                await Task.Delay(TimeSpan.FromMilliseconds(20), limit.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The server was not ready after {_startTimeout}.\n{Output}");
        }
    }

    public ValueTask DisposeAsync()
    {
        if (_process is not null)
            Kill();
        return ValueTask.CompletedTask;
    }

    private static string Find(string program)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "artifacts", "bin", program, "release", $"{program}.dll");
            if (File.Exists(candidate))
                return candidate;
        }

        throw new InvalidOperationException(
            $"No artifacts/bin/{program}/release/{program}.dll above {AppContext.BaseDirectory}; build it with: dotnet build -c Release");
    }

    /// <summary>A developer's own keys and settings must not decide what a test finds.</summary>
    public static void RemoveSettings(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(IsOurs).ToList())
            environment.Remove(name);
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("OpenClaw__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
        || name.StartsWith("OPENAI_", StringComparison.Ordinal)
        || name.StartsWith("ANTHROPIC_", StringComparison.Ordinal);

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("/readyz", UriKind.Relative), cancellationToken);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Capture(string? line)
    {
        if (line is null)
            return;
        lock (_output)
            _output.AppendLine(line);
    }

    private void Release()
    {
        _process?.Dispose();
        _process = null;
    }
}
