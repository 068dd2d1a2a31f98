using System.Diagnostics;
using System.Text;
using OpenClaw.Testing.Http;

namespace OpenClaw.Testing.Servers;

/// <summary>The product as its users run it: the real server in a process of its own, on a port of its own.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private const string Assembly = "OpenClaw.WebFrontend.dll";

    private readonly ServerSettings _settings;
    private readonly string _home;
    private readonly int _httpPort = FreePorts.Take();
    private readonly int _siloPort = FreePorts.Take();
    private readonly int _gatewayPort = FreePorts.Take();
    private readonly StringBuilder _output = new();
    private readonly string? _connectionString;
    private Process? _process;

    private ServerProcess(ServerSettings settings, string? connectionString)
    {
        _settings = settings;
        _connectionString = connectionString;
        _home = Directory.CreateTempSubdirectory("openclaw-server-").FullName;
        DataDirectory = settings.DataDirectory ?? Path.Combine(_home, "data");
        BaseAddress = new Uri($"http://127.0.0.1:{_httpPort}");
    }

    /// <summary>Where the server listens; the same after a restart.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The server's data; the same after a restart.</summary>
    public string DataDirectory { get; }

    /// <summary>The admin key that the server was given. Throws when it was left to make its own.</summary>
    public string AdminKey =>
        _settings.BootstrapApiKey ?? throw new InvalidOperationException("The server was started without a bootstrap key.");

    /// <summary>The server's PostgreSQL database. Throws when it has none.</summary>
    public string ConnectionString => _connectionString ?? throw new InvalidOperationException("The server is embedded.");

    /// <summary>The process's id while it runs.</summary>
    public int ProcessId => Running.Id;

    /// <summary>What the current process has written to its standard output and error.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    private Process Running => _process ?? throw new InvalidOperationException("The server is not running.");

    /// <summary>Starts a server and waits until it is ready.</summary>
    public static async Task<ServerProcess> StartAsync(ServerSettings settings, CancellationToken cancellationToken = default)
    {
        var connectionString = settings.Database == DatabaseKind.Postgres
            ? settings.ConnectionString ?? await (settings.Postgres ?? await PostgresServer.SharedAsync()).CreateDatabaseAsync()
            : null;
        var server = new ServerProcess(settings, connectionString);
        try
        {
            await server.StartAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of this server; a null key sends none.</summary>
    public ApiClient CreateClient(string? apiKey) => new(BaseAddress, apiKey);

    /// <summary>A client with the admin key.</summary>
    public ApiClient CreateAdminClient() => CreateClient(AdminKey);

    /// <summary>SIGKILL to exactly this process: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        Running.Kill(entireProcessTree: false);
        Running.WaitForExit();
        Release();
    }

    /// <summary>SIGTERM, then waits for the end of the process. Returns its exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken = default)
    {
        Signals.Send(Running.Id, Signals.Terminate);
        await Running.WaitForExitAsync(cancellationToken);
        var exitCode = Running.ExitCode;
        Release();
        return exitCode;
    }

    /// <summary>Starts the server again on the same data, ports and settings; kills it first when it still runs.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        if (_process is not null)
            Kill();
        await StartAsync(cancellationToken);
    }

    /// <summary>Waits until <c>/readyz</c> says that the server can work, as after a pause of its database.</summary>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => WaitUntilReadyAsync(Running, cancellationToken);

    public ValueTask DisposeAsync()
    {
        if (_process is not null)
            Kill();
        Directory.Delete(_home, recursive: true);
        return ValueTask.CompletedTask;
    }

    /// <summary>A developer's own keys and settings must not decide what a test finds.</summary>
    public static void RemoveSettings(IDictionary<string, string?> environment)
    {
        foreach (var name in environment.Keys.Where(IsOurs).ToList())
            environment.Remove(name);
    }

    private static string FindServer()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "artifacts", "bin", "OpenClaw.WebFrontend", "release", Assembly);
            if (File.Exists(candidate))
                return candidate;
        }

        throw new InvalidOperationException(
            $"No artifacts/bin/OpenClaw.WebFrontend/release/{Assembly} above {AppContext.BaseDirectory}; " +
            "build it with: dotnet build -c Release src/WebFrontend");
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            WorkingDirectory = _home,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(FindServer());
        SetEnvironment(start.Environment);

        lock (_output)
            _output.Clear();
        var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Capture(line.Data);
        process.ErrorDataReceived += (_, line) => Capture(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;
        await WaitUntilReadyAsync(process, cancellationToken);
    }

    private void SetEnvironment(IDictionary<string, string?> environment)
    {
        RemoveSettings(environment);
        environment["ASPNETCORE_URLS"] = BaseAddress.GetLeftPart(UriPartial.Authority);
        environment["OpenClaw__DataDirectory"] = DataDirectory;
        environment["OpenClaw__Cluster__SiloPort"] = $"{_siloPort}";
        environment["OpenClaw__Cluster__GatewayPort"] = $"{_gatewayPort}";
        environment["OpenClaw__Models__Offline__ChunkDelayMilliseconds"] = $"{_settings.OfflineChunkDelayMilliseconds}";
        if (_connectionString is not null)
        {
            environment["OpenClaw__Database__Provider"] = "postgres";
            environment["OpenClaw__Database__ConnectionString"] = _connectionString;
        }

        if (_settings.BootstrapApiKey is { } key)
            environment["OpenClaw__BootstrapApiKey"] = key;
        foreach (var (name, value) in _settings.Environment)
            environment[name] = value;
    }

    private static bool IsOurs(string name) =>
        name.StartsWith("OpenClaw__", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
        || name.StartsWith("OPENAI_", StringComparison.Ordinal)
        || name.StartsWith("ANTHROPIC_", StringComparison.Ordinal);

    private async Task WaitUntilReadyAsync(Process process, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_settings.StartTimeout);
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
            throw new TimeoutException($"The server was not ready after {_settings.StartTimeout}.\n{Output}");
        }
    }

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
