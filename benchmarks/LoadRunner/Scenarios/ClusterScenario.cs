using System.Globalization;
using OpenClaw.Benchmarks.LoadRunner.Load;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;

namespace OpenClaw.Benchmarks.LoadRunner.Scenarios;

/// <summary>
/// The same load for one process with everything in it and for silos with front-ends before them, all on this machine and on
/// one PostgreSQL server, round after round. Both run all the time; what the one that is not driven spends is shown as well.
/// </summary>
internal static class ClusterScenario
{
    private const string One = "one process";
    private const string Silos = "silos";
    private const string Frontends = "front-ends";
    private const string Other = "the other's";

    public static void Run(CommandLine options)
    {
        ServerSet.RequireOurs(options);
        using var servers = new ServerSet(options);
        var database = servers.CreateDatabase();
        var one = servers.Start(ServerSet.Ours, connectionString: database);
        var (silos, frontends) = servers.StartCluster(servers.CreateDatabase(), options.Number("silos", 3), options.Number("frontends", 2));
        ServerSet.Open(one);
        ServerSet.Open(frontends[0]);

        using var figures = new PostgresFigures(database);
        var name = $"{silos.Length} {Silos}, {frontends.Length} {Frontends}";
        var loads = new Dictionary<string, TurnLoad>
        {
            [One] = new([one], servers.ModelServer, Meters(figures, silos: [], others: [.. silos, .. frontends])),
            [name] = new(frontends, servers.ModelServer, Meters(figures, silos, others: [one])),
        };
        foreach (var concurrency in options.List("concurrency", "32,8"))
        {
            var plan = LoadPlan.From(options, int.Parse(concurrency, CultureInfo.InvariantCulture));
            var results = TurnsScenario.Rounds(options, loads, plan);
            Console.WriteLine($"### One process against {name}, concurrency {concurrency}, {plan.Sessions} sessions\n");
            Print(results);
        }
    }

    private static Dictionary<string, Func<double>> Meters(PostgresFigures figures, Target[] silos, Target[] others)
    {
        var meters = figures.Meters();
        meters[Silos] = () => silos.Sum(silo => ProcessFigures.CpuMs(silo.ProcessId));
        meters[Other] = () => others.Sum(other => ProcessFigures.CpuMs(other.ProcessId));
        return meters;
    }

    private static void Print(Dictionary<string, List<LoadResult>> results)
    {
        var table = new Table(
            "servers", "turns/s", "of one", "p50 ms", "p99 ms", "first byte p50", "first frame p50", "first frame p99",
            "CPU ms/turn", "of one", "with API", "silos alone", "PostgreSQL", "model", "runner", "other's CPU ms/s", "errors");
        var one = results[One];
        foreach (var (name, rounds) in results)
        {
            table.Add(
                name,
                Table.Format(Of(r => r.TurnsPerSecond)),
                Ratio(r => r.TurnsPerSecond),
                Table.Format(Of(r => r.Turn.Percentile(50))),
                Table.Format(Of(r => r.Turn.Percentile(99))),
                Table.Format(Of(r => r.FirstByte.Percentile(50))),
                Table.Format(Of(r => r.FirstFrame.Percentile(50))),
                Table.Format(Of(r => r.FirstFrame.Percentile(99))),
                Table.FormatFine(Of(Cpu)),
                Ratio(Cpu),
                Table.FormatFine(Of(r => r.CpuPerTurn)),
                Table.FormatFine(Of(r => r.Spent[Silos] / r.Turns)),
                Table.FormatFine(Of(r => r.Spent[PostgresFigures.Cpu] / r.Turns)),
                Table.FormatFine(Of(r => r.ModelCpuMs / r.Turns)),
                Table.FormatFine(Of(r => r.RunnerCpuMs / r.Turns)),
                Table.Format(Of(r => r.Spent[Other] / r.Seconds)),
                $"{rounds.Sum(r => r.Errors)}");

            double Of(Func<LoadResult, double> figure) => Table.Median(rounds.Select(figure));
            string Ratio(Func<LoadResult, double> figure) => Table.Format(Table.Median(rounds.Zip(one, (r, o) => figure(r) / figure(o))));
        }

        table.Print();
        foreach (var (name, rounds) in results)
            TurnsScenario.PrintRounds(name, rounds);
        Console.WriteLine();

        static double Cpu(LoadResult result) => (result.ServerCpuMs + result.Spent[Silos]) / result.Turns;
    }
}
