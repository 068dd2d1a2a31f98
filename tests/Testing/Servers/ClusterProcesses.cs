using Npgsql;
using OpenClaw.Testing.Http;

namespace OpenClaw.Testing.Servers;

/// <summary>A cluster as its operators run it: silos and front-ends in processes of their own, on one PostgreSQL database.</summary>
public sealed class ClusterProcesses : IAsyncDisposable
{
    private readonly ClusterLayout _layout;
    private readonly string _home;

    private ClusterProcesses(ClusterLayout layout, string connectionString)
    {
        _layout = layout;
        ConnectionString = connectionString;
        _home = Directory.CreateTempSubdirectory("openclaw-cluster-").FullName;
        Silos = [.. Enumerable.Range(1, layout.Silos).Select(number => MakeSilo($"silo-{number}"))];
        Frontends = [.. Enumerable.Range(1, layout.Frontends).Select(number => MakeFrontend($"frontend-{number}"))];
    }

    public IReadOnlyList<ClusterNode> Silos { get; }

    public IReadOnlyList<ClusterNode> Frontends { get; }

    /// <summary>All processes, silos first.</summary>
    public IEnumerable<ClusterNode> Nodes => Silos.Concat(Frontends);

    /// <summary>The cluster's PostgreSQL database.</summary>
    public string ConnectionString { get; }

    /// <summary>The admin key of the tenant <c>default</c>.</summary>
    public string AdminKey { get; } = "bootstrap-" + Guid.NewGuid().ToString("N");

    /// <summary>Starts a cluster on a database of its own and waits until every process is ready.</summary>
    public static async Task<ClusterProcesses> StartAsync(ClusterLayout layout, CancellationToken cancellationToken)
    {
        var cluster = await CreateAsync(layout);
        try
        {
            foreach (var node in cluster.Nodes)
                node.Process.Launch();
            await cluster.WaitUntilReadyAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same, with nothing started yet.</summary>
    public static async Task<ClusterProcesses> CreateAsync(ClusterLayout layout) =>
        new(layout, await (layout.Postgres ?? await PostgresServer.SharedAsync()).CreateDatabaseAsync());

    /// <summary>Waits until every process that runs says that it can work.</summary>
    public Task WaitUntilReadyAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(Nodes.Where(node => node.Process.IsRunning).Select(node => node.Process.WaitUntilReadyAsync(cancellationToken)));

    /// <summary>A client with the admin key, of a front-end.</summary>
    public ApiClient CreateAdminClient(int frontend = 0) => Frontends[frontend].CreateClient(AdminKey);

    /// <summary>The one silo that runs a turn. Waits until there is one.</summary>
    public async Task<ClusterNode> FindSiloWithTurnAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            foreach (var silo in Silos.Where(silo => silo.Process.IsRunning))
            {
                if (await silo.CountRunningTurnsAsync(cancellationToken) > 0)
                    return silo;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
            await node.Process.DisposeAsync();
        Directory.Delete(_home, recursive: true);
    }

    private ClusterNode MakeSilo(string name)
    {
        var (process, httpPort) = (Environment(name), FreePorts.Take());
        process["OpenClaw__Cluster__SiloPort"] = $"{FreePorts.Take()}";
        process["OpenClaw__Cluster__GatewayPort"] = $"{FreePorts.Take()}";
        process["OpenClaw__Cluster__HttpPort"] = $"{httpPort}";
        return Make(name, _layout.SiloProgram, httpPort, process);
    }

    private ClusterNode MakeFrontend(string name)
    {
        var (process, httpPort) = (Environment(name), FreePorts.Take());
        process["OpenClaw__Role"] = "frontend";
        process["ASPNETCORE_URLS"] = $"http://127.0.0.1:{httpPort}";
        return Make(name, "OpenClaw.WebFrontend", httpPort, process);
    }

    private ClusterNode Make(string name, string program, int httpPort, Dictionary<string, string> environment)
    {
        foreach (var (setting, value) in _layout.Environment)
            environment[setting] = value;
        var address = new Uri($"http://127.0.0.1:{httpPort}");
        return new ClusterNode(name, new ProductProcess(program, _home, address, environment, _layout.StartTimeout));
    }

    private Dictionary<string, string> Environment(string name) => new()
    {
        ["OpenClaw__DataDirectory"] = Path.Combine(_home, name),
        ["OpenClaw__Database__Provider"] = "postgres",
        // PostgreSQL shows whose connection one is.
        ["OpenClaw__Database__ConnectionString"] = new NpgsqlConnectionStringBuilder(ConnectionString) { ApplicationName = name }.ToString(),
        ["OpenClaw__BootstrapApiKey"] = AdminKey,
        ["OpenClaw__Models__Offline__ChunkDelayMilliseconds"] = $"{_layout.OfflineChunkDelayMilliseconds}",
    };
}
