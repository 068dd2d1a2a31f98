using OpenClaw.Benchmarks.LoadRunner.Http;
using OpenClaw.Benchmarks.LoadRunner.Load;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;

namespace OpenClaw.Benchmarks.LoadRunner.Scenarios;

/// <summary>
/// Memory of sessions: created ones, after a restart with nothing but their rows, and activated ones (each is asked for
/// once, or with <c>--turn</c> has one turn). Memory is read after full collections.
/// </summary>
internal static class IdleSessionsScenario
{
    private const int Connections = 16;

    // Activated before the first reading, so that what the code itself needs is not counted.
    private const int Before = 1000;

    public static void Run(CommandLine options)
    {
        ServerSet.RequireOurs(options);
        var count = options.Number("count", 200_000);
        using var servers = new ServerSet(options);
        var folder = servers.NewFolder();
        var environment = servers.ModelEnvironment();
        var turn = options.Has("turn");
        string[] ids;
        using (var server = ServerSet.StartOurs(options, folder, environment))
        {
            ServerSet.Open(server.Target);
            ids = SessionPool.Create(server.Target, count, "fast-t1");
        }

        Console.WriteLine($"### Memory of {count:N0} sessions\n");
        var table = new Table("state", "resident MiB", "heap MiB", "resident KiB a session");
        using (var server = ServerSet.StartOurs(options, folder, environment))
        {
            var target = server.Target;
            Activate(target, ids[..Math.Min(Before, count)], turn);
            var before = Measure($"restarted, {Before:N0} activated", target, double.NaN);
            Activate(target, ids[Math.Min(Before, count)..], turn);
            Measure("all activated", target, before);
        }

        table.Print();

        double Measure(string state, Target target, double before)
        {
            RuntimeProbe.Collect(target.ProcessId);
            var resident = ProcessFigures.ResidentMb(target.ProcessId);
            table.Add(
                state,
                Table.Format(resident),
                Table.Format(PublishedMetrics.Read(target, "dotnet_total_memory_bytes") / (1024 * 1024)),
                Table.Format((resident - before) * 1024 / (count - Before)));
            return resident;
        }
    }

    private static void Activate(Target target, string[] ids, bool turn)
    {
        var client = new ApiClient(target);
        Crew.Share(client, Connections, ids.Length, (connection, i) =>
            connection.Ask(turn ? client.Message(ids[i], stream: false) : client.Get($"/api/sessions/{ids[i]}")));
    }
}
