using System.Globalization;
using OpenClaw.Benchmarks.LoadRunner.Http;
using OpenClaw.Testing;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Benchmarks.LoadRunner.Servers;

/// <summary>
/// Starts the servers of a run: the model server first, then those that are compared. All of them live until the run ends,
/// in one folder that is removed with them.
/// </summary>
internal sealed class ServerSet : IDisposable
{
    public const string Ours = "ours";
    public const string Durable = "durable";
    public const string Bare = "bare";
    public const string Model = "model";

    private readonly CommandLine _options;
    private readonly List<ServerProcess> _servers = [];
    private readonly string _folder;
    private PostgresServer? _postgres;

    /// <param name="options">
    /// <c>--server</c>: our server's dll (default: the one built beside the runner); <c>--data</c>: where temporary
    /// databases go, which should be a disk that honours fsync (default: the system's temporary folder).
    /// </param>
    /// <param name="modelCpus">Cores of the model server, or null for all.</param>
    public ServerSet(CommandLine options, string? modelCpus = null)
    {
        _options = options;
        _folder = Directory.CreateDirectory(Path.Combine(options.Text("data", Path.GetTempPath()), $"openclaw-bench-{Guid.NewGuid():N}")).FullName;
        ModelServer = Add(ServerProcess.Start(Model, Built("OpenClaw.Benchmarks.FastModel"), [], new Dictionary<string, string>(), cpus: modelCpus));
    }

    public Target ModelServer { get; }

    /// <summary>Which of <paramref name="names"/> can be started: ours only where it is built.</summary>
    public static string[] Available(CommandLine options, string names = $"{Ours},{Durable},{Bare}") =>
        [.. options.List("targets", names).Where(name => name != Ours || File.Exists(OurDll(options)))];

    /// <summary>Whether our server is built, and asked for where <c>--targets</c> names any.</summary>
    public static bool HasOurs(CommandLine options) => Available(options).Contains(Ours);

    /// <exception cref="ArgumentException">Our server is not built.</exception>
    public static void RequireOurs(CommandLine options)
    {
        if (!HasOurs(options))
            throw new ArgumentException("Our server is not built; pass --server.");
    }

    /// <summary>Path of a program built in the same configuration as the runner.</summary>
    public static string Built(string project)
    {
        // artifacts/bin/<project>/<configuration>/, as laid out by the SDK.
        var mine = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        return Path.Combine(mine.Parent!.Parent!.FullName, project, mine.Name, project + ".dll");
    }

    /// <summary>Path of our server's program.</summary>
    public static string OurDll(CommandLine options) => Path.GetFullPath(options.Text("server", Built("OpenClaw.WebFrontend")));

    /// <summary>Starts one of the servers by name.</summary>
    /// <param name="name"><see cref="Ours"/>, <see cref="Durable"/>, <see cref="Bare"/> or <see cref="Model"/> (which runs already).</param>
    /// <param name="cpus">Cores to pin it to, or null for all.</param>
    /// <param name="dataDirectory">An existing data directory for ours, or null for a fresh one.</param>
    /// <param name="connectionString">A PostgreSQL database for ours, or null for SQLite in the data directory.</param>
    public Target Start(string name, string? cpus = null, string? dataDirectory = null, string? connectionString = null)
    {
        if (name == Model)
            return ModelServer;
        var environment = ModelEnvironment();
        if (connectionString is not null)
            environment = OnPostgres(connectionString, environment);
        return Add(name switch
        {
            Bare => ServerProcess.Start(name, Built("OpenClaw.Benchmarks.BareProxy"), [], environment, cpus: cpus),
            Durable => ServerProcess.Start(name, Built("OpenClaw.Benchmarks.DurableProxy"), ["--DataDirectory", NewFolder()], environment, cpus: cpus),
            Ours => StartOurs(_options, dataDirectory ?? NewFolder(), environment, cpus),
            _ => throw new ArgumentException($"There is no server named '{name}'."),
        });
    }

    /// <summary>Environment that leads a server to the model server.</summary>
    public Dictionary<string, string> ModelEnvironment() => new()
    {
        ["OPENAI_BASE_URL"] = $"http://127.0.0.1:{ModelServer.Port}/v1",
        ["OPENAI_API_KEY"] = "x",
    };

    /// <summary>Starts our server on <paramref name="dataDirectory"/>; the caller ends it.</summary>
    public static ServerProcess StartOurs(CommandLine options, string dataDirectory, IReadOnlyDictionary<string, string> environment, string? cpus = null)
    {
        var key = NewKey();
        var keyFile = Path.Combine(dataDirectory, "bench-key");
        if (File.Exists(keyFile))
            key = File.ReadAllText(keyFile);
        else
            File.WriteAllText(keyFile, key);
        return ServerProcess.Start(Ours, OurDll(options), [], Settings(dataDirectory, key, environment), key, cpus);
    }

    /// <summary>Starts silos, and front-ends without one, on a database of their own; they live until the run ends.</summary>
    /// <param name="connectionString">An empty database.</param>
    /// <param name="silos">Processes of <c>OpenClaw.Silo</c>.</param>
    /// <param name="frontends">Processes of our server.</param>
    public (Target[] Silos, Target[] Frontends) StartCluster(string connectionString, int silos, int frontends)
    {
        var key = NewKey();
        var environment = OnPostgres(connectionString, ModelEnvironment());
        var frontend = new Dictionary<string, string>(environment) { ["OpenClaw__Role"] = "frontend" };
        return (
            [.. Names("silo", silos).Select(name => Start(name, Built("OpenClaw.Silo"), environment))],
            [.. Names("front-end", frontends).Select(name => Start(name, OurDll(_options), frontend))]);

        static IEnumerable<string> Names(string kind, int count) => Enumerable.Range(1, count).Select(number => $"{kind} {number}");

        Target Start(string name, string dll, Dictionary<string, string> settings) =>
            Add(ServerProcess.Start(name, dll, [], Settings(NewFolder(), key, settings), key));
    }

    /// <summary>An empty database of the run's PostgreSQL server, which starts with the first. Its data lies in the system's temporary folder.</summary>
    /// <returns>Its connection string.</returns>
    public string CreateDatabase()
    {
        _postgres ??= PostgresServer.StartAsync().GetAwaiter().GetResult();
        return _postgres.CreateDatabaseAsync().GetAwaiter().GetResult();
    }

    /// <summary>A data directory and settings for one of our servers, which may be started on them again and again.</summary>
    /// <param name="database"><c>sqlite</c> or <c>postgres</c>.</param>
    /// <exception cref="ArgumentException">Another database.</exception>
    public (string Folder, Dictionary<string, string> Environment) NewHome(string database) => (NewFolder(), database switch
    {
        "sqlite" => ModelEnvironment(),
        "postgres" => OnPostgres(CreateDatabase(), ModelEnvironment()),
        _ => throw new ArgumentException($"--databases names sqlite and postgres, not '{database}'."),
    });

    /// <summary>Settings that put our server on a PostgreSQL database.</summary>
    public static Dictionary<string, string> OnPostgres(string connectionString, IReadOnlyDictionary<string, string> environment) => new(environment)
    {
        ["OpenClaw__Database__Provider"] = "postgres",
        ["OpenClaw__Database__ConnectionString"] = connectionString,
    };

    /// <summary>Raises the limits of a server that has any.</summary>
    public static void Open(Target target) => new ApiClient(target).RaiseLimits();

    /// <summary>A new empty folder that lives as long as the run.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N"))).FullName;

    public void Dispose()
    {
        foreach (var server in Enumerable.Reverse(_servers))
            server.Dispose();
        _postgres?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Directory.Delete(_folder, recursive: true);
    }

    private static string NewKey() => $"bench-{Guid.NewGuid():N}";

    private static Dictionary<string, string> Settings(string dataDirectory, string key, IReadOnlyDictionary<string, string> environment) => new(environment)
    {
        ["OpenClaw__DataDirectory"] = dataDirectory,
        ["OpenClaw__BootstrapApiKey"] = key,
        ["OpenClaw__Limits__MessagesPerMinute"] = "10000000",
        ["OpenClaw__Limits__ConcurrentTurns"] = "1000000",
        ["OpenClaw__Models__ConcurrentCalls"] = "1000000",
        ["OpenClaw__Cluster__SiloPort"] = FreePorts.Take().ToString(CultureInfo.InvariantCulture),
        ["OpenClaw__Cluster__GatewayPort"] = FreePorts.Take().ToString(CultureInfo.InvariantCulture),
    };

    private Target Add(ServerProcess server)
    {
        _servers.Add(server);
        return server.Target;
    }
}
