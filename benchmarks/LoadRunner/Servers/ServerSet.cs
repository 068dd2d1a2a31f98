using System.Globalization;
using OpenClaw.Benchmarks.LoadRunner.Http;

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
    public Target Start(string name, string? cpus = null, string? dataDirectory = null)
    {
        if (name == Model)
            return ModelServer;
        var environment = ModelEnvironment();
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
        var key = $"bench-{Guid.NewGuid():N}";
        var keyFile = Path.Combine(dataDirectory, "bench-key");
        if (File.Exists(keyFile))
            key = File.ReadAllText(keyFile);
        else
            File.WriteAllText(keyFile, key);
        var all = new Dictionary<string, string>(environment)
        {
            ["OpenClaw__DataDirectory"] = dataDirectory,
            ["OpenClaw__BootstrapApiKey"] = key,
            ["OpenClaw__Limits__MessagesPerMinute"] = "10000000",
            ["OpenClaw__Limits__ConcurrentTurns"] = "1000000",
            ["OpenClaw__Models__ConcurrentCalls"] = "1000000",
            ["OpenClaw__Cluster__SiloPort"] = ServerProcess.FreePort().ToString(CultureInfo.InvariantCulture),
            ["OpenClaw__Cluster__GatewayPort"] = ServerProcess.FreePort().ToString(CultureInfo.InvariantCulture),
        };
        return ServerProcess.Start(Ours, OurDll(options), [], all, key, cpus);
    }

    /// <summary>Raises the limits of a server that has any.</summary>
    public static void Open(Target target) => new ApiClient(target).RaiseLimits();

    /// <summary>A new empty folder that lives as long as the run.</summary>
    public string NewFolder() => Directory.CreateDirectory(Path.Combine(_folder, Guid.NewGuid().ToString("N"))).FullName;

    public void Dispose()
    {
        foreach (var server in Enumerable.Reverse(_servers))
            server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Target Add(ServerProcess server)
    {
        _servers.Add(server);
        return server.Target;
    }
}
