using OpenClaw.Benchmarks.LoadRunner.Load;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;

namespace OpenClaw.Benchmarks.LoadRunner.Scenarios;

/// <summary>
/// Turns a second, their times and their CPU, at each concurrency: all servers run, and are driven in turn, round after
/// round. The figures are the medians of the rounds, the ratios the medians of the rounds' ratios.
/// </summary>
internal static class TurnsScenario
{
    public static void Run(CommandLine options)
    {
        var names = ServerSet.Available(options);
        using var servers = new ServerSet(options);
        var loads = names.ToDictionary(name => name, name => StartLoad(servers, name));
        foreach (var concurrency in options.List("concurrency", "32,8,1"))
        {
            var plan = LoadPlan.From(options, int.Parse(concurrency, System.Globalization.CultureInfo.InvariantCulture));
            var results = Rounds(options, loads, plan);
            Console.WriteLine($"### {(plan.Stream ? "Streamed turns" : "Turns without streaming")}, concurrency {concurrency}, {plan.Sessions} sessions\n");
            Print(results);
        }
    }

    /// <summary>Starts a server and opens its limits.</summary>
    public static TurnLoad StartLoad(ServerSet servers, string name)
    {
        var target = servers.Start(name);
        ServerSet.Open(target);
        return new TurnLoad(target, servers.ModelServer);
    }

    /// <summary>Warms every server up, then drives them in turn.</summary>
    /// <returns>For each server its results, one per round.</returns>
    public static Dictionary<string, List<LoadResult>> Rounds(CommandLine options, Dictionary<string, TurnLoad> loads, LoadPlan plan)
    {
        foreach (var load in loads.Values)
            load.WarmUp(plan, options.Real("warmup", 8));
        var results = loads.Keys.ToDictionary(name => name, _ => new List<LoadResult>());
        for (var round = 0; round < options.Number("rounds", 3); round++)
        {
            foreach (var (name, load) in loads)
                results[name].Add(load.Run(plan));
        }

        return results;
    }

    /// <summary>Prints one line for each server.</summary>
    public static void Print(Dictionary<string, List<LoadResult>> results)
    {
        var table = new Table("server", "turns/s", "of durable", "p50 ms", "p95 ms", "p99 ms", "first byte p50", "first frame p50", "first frame p99", "CPU ms/turn", "of durable", "model CPU", "runner CPU", "peak MiB", "errors", "late");
        var durable = results.GetValueOrDefault(ServerSet.Durable);
        foreach (var (name, rounds) in results)
        {
            table.Add(
                name,
                Table.Format(Of(rounds, r => r.TurnsPerSecond)),
                Ratio(r => r.TurnsPerSecond),
                Table.Format(Of(rounds, r => r.Turn.Percentile(50))),
                Table.Format(Of(rounds, r => r.Turn.Percentile(95))),
                Table.Format(Of(rounds, r => r.Turn.Percentile(99))),
                Table.Format(Of(rounds, r => r.FirstByte.Percentile(50))),
                Table.Format(Of(rounds, r => r.FirstFrame.Percentile(50))),
                Table.Format(Of(rounds, r => r.FirstFrame.Percentile(99))),
                Table.FormatFine(Of(rounds, r => r.CpuPerTurn)),
                Ratio(r => r.CpuPerTurn),
                Table.FormatFine(Of(rounds, r => r.ModelCpuMs / r.Turns)),
                Table.FormatFine(Of(rounds, r => r.RunnerCpuMs / r.Turns)),
                Table.Format(rounds[^1].PeakMb),
                $"{rounds.Sum(r => r.Errors)}",
                $"{rounds.Sum(r => r.LateSessions)}");

            string Ratio(Func<LoadResult, double> figure) =>
                durable is null ? "-" : Table.Format(Table.Median(rounds.Zip(durable, (r, d) => figure(r) / figure(d))));
        }

        table.Print();
        foreach (var (name, rounds) in results)
            PrintRounds(name, rounds);
        Console.WriteLine();
    }

    /// <summary>Prints the rate of each round, and the first error.</summary>
    public static void PrintRounds(string name, List<LoadResult> rounds)
    {
        Console.WriteLine($"{name}, turns/s by round: {string.Join(", ", rounds.Select(r => Table.Format(r.TurnsPerSecond)))}");
        if (rounds.Select(r => r.FirstError).FirstOrDefault(e => e is not null) is { } error)
            Console.WriteLine($"{name}, first error: {error}");
    }

    private static double Of(List<LoadResult> rounds, Func<LoadResult, double> figure) => Table.Median(rounds.Select(figure));
}
