using System.Globalization;
using OpenClaw.Benchmarks.LoadRunner.Load;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;
using FreePorts = OpenClaw.Testing.Servers.FreePorts;

namespace OpenClaw.Benchmarks.LoadRunner.Scenarios;

/// <summary>
/// From the start of the process to the first 200 of <c>/readyz</c>: a bare silo, ours on an empty folder, ours again on
/// the same, and ours with many sessions in its database.
/// </summary>
internal static class StartScenario
{
    private const string BareSilo = "bare silo";

    public static void Run(CommandLine options)
    {
        var seed = options.Number("seed", 100_000);
        var none = new Dictionary<string, string>();
        var hasOurs = ServerSet.HasOurs(options);
        using var servers = new ServerSet(options);
        var seeded = servers.NewFolder();
        if (hasOurs && seed > 0)
        {
            using var server = ServerSet.StartOurs(options, seeded, none);
            ServerSet.Open(server.Target);
            SessionPool.Create(server.Target, seed, "offline");
        }

        var times = new Dictionary<string, List<double>>();
        // The first round warms the page cache.
        for (var round = 0; round <= options.Number("rounds", 5); round++)
        {
            Add(BareSilo, round, StartBareSilo);
            if (!hasOurs)
                continue;
            var folder = servers.NewFolder();
            Add("ours, first start", round, () => ServerSet.StartOurs(options, folder, none));
            Add("ours, started again", round, () => ServerSet.StartOurs(options, folder, none));
            if (seed > 0)
                Add($"ours, {seed:N0} sessions", round, () => ServerSet.StartOurs(options, seeded, none));
        }

        Console.WriteLine("### Start to /readyz, in ms\n");
        var table = new Table("server", "median", "of bare silo", "least", "most");
        var bare = Table.Median(times[BareSilo]);
        foreach (var (name, all) in times)
            table.Add(name, Table.Format(Table.Median(all)), Table.Format(Table.Median(all) / bare), Table.Format(all.Min()), Table.Format(all.Max()));
        table.Print();

        void Add(string name, int round, Func<ServerProcess> start)
        {
            using var server = start();
            if (round == 0)
                return;
            if (!times.TryGetValue(name, out var list))
                times[name] = list = [];
            list.Add(server.ReadyMs);
        }
    }

    private static ServerProcess StartBareSilo() => ServerProcess.Start(
        BareSilo,
        ServerSet.Built("OpenClaw.Benchmarks.BareSilo"),
        ["--SiloPort", Port(), "--GatewayPort", Port()],
        new Dictionary<string, string>());

    private static string Port() => FreePorts.Take().ToString(CultureInfo.InvariantCulture);
}
