using OpenClaw.Testing.Http;

namespace OpenClaw.Testing.Servers;

/// <summary>The product as its users run it: the real server in a process of its own, on a port of its own.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private readonly ServerSettings _settings;
    private readonly string _home;
    private readonly string? _connectionString;
    private readonly ProductProcess _process;

    private ServerProcess(ServerSettings settings, string? connectionString)
    {
        _settings = settings;
        _connectionString = connectionString;
        _home = Directory.CreateTempSubdirectory("openclaw-server-").FullName;
        DataDirectory = settings.DataDirectory ?? Path.Combine(_home, "data");
        BaseAddress = new Uri($"http://127.0.0.1:{FreePorts.Take()}");
        _process = new ProductProcess("OpenClaw.WebFrontend", _home, BaseAddress, Environment(), settings.StartTimeout);
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
    public int ProcessId => _process.ProcessId;

    /// <summary>What the current process has written to its standard output and error.</summary>
    public string Output => _process.Output;

    /// <summary>Starts a server and waits until it is ready.</summary>
    public static async Task<ServerProcess> StartAsync(ServerSettings settings, CancellationToken cancellationToken = default)
    {
        var connectionString = settings.Database == DatabaseKind.Postgres
            ? settings.ConnectionString ?? await (settings.Postgres ?? await PostgresServer.SharedAsync()).CreateDatabaseAsync()
            : null;
        var server = new ServerProcess(settings, connectionString);
        try
        {
            await server._process.StartAsync(cancellationToken);
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
    public void Kill() => _process.Kill();

    /// <summary>Runs the server's program with a command of its, under the server's settings and beside it.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it wrote.</exception>
    public Task<string> RunCommandAsync(string[] command, CancellationToken cancellationToken = default) =>
        _process.RunCommandAsync(command, cancellationToken);

    /// <summary>SIGTERM, then waits for the end of the process. Returns its exit code.</summary>
    public Task<int> StopAsync(CancellationToken cancellationToken = default) => _process.StopAsync(cancellationToken);

    /// <summary>Starts the server again on the same data, ports and settings; kills it first when it still runs.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken = default)
    {
        await _process.DisposeAsync();
        await _process.StartAsync(cancellationToken);
    }

    /// <summary>Waits until <c>/readyz</c> says that the server can work, as after a pause of its database.</summary>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => _process.WaitUntilReadyAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    private Dictionary<string, string> Environment()
    {
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = BaseAddress.GetLeftPart(UriPartial.Authority),
            ["OpenClaw__DataDirectory"] = DataDirectory,
            ["OpenClaw__Cluster__SiloPort"] = $"{FreePorts.Take()}",
            ["OpenClaw__Cluster__GatewayPort"] = $"{FreePorts.Take()}",
            ["OpenClaw__Models__Offline__ChunkDelayMilliseconds"] = $"{_settings.OfflineChunkDelayMilliseconds}",
        };
        if (_connectionString is not null)
        {
            environment["OpenClaw__Database__Provider"] = "postgres";
            environment["OpenClaw__Database__ConnectionString"] = _connectionString;
        }

        if (_settings.BootstrapApiKey is { } key)
            environment["OpenClaw__BootstrapApiKey"] = key;
        foreach (var (name, value) in _settings.Environment)
            environment[name] = value;
        return environment;
    }
}
