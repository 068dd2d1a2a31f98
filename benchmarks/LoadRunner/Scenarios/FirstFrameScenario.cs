using OpenClaw.Benchmarks.LoadRunner.Load;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;

namespace OpenClaw.Benchmarks.LoadRunner.Scenarios;

/// <summary>Time to the first frame, one turn at a time, with a model that answers at once.</summary>
internal static class FirstFrameScenario
{
    public static void Run(CommandLine options)
    {
        using var servers = new ServerSet(options);
        var loads = ServerSet.Available(options).ToDictionary(name => name, name => TurnsScenario.StartLoad(servers, name));
        var plan = LoadPlan.From(options, concurrency: 1);
        var results = TurnsScenario.Rounds(options, loads, plan);

        Console.WriteLine("### Time to first frame, concurrency 1, in ms (medians of the rounds)\n");
        var table = new Table("server", "turns", "first byte p50", "first byte p99", "first frame p50", "over durable", "first frame p99", "over durable");
        foreach (var (name, rounds) in results)
        {
            table.Add(
                name,
                $"{rounds.Sum(r => r.Turns)}",
                Table.FormatFine(Of(rounds, r => r.FirstByte.Percentile(50))),
                Table.FormatFine(Of(rounds, r => r.FirstByte.Percentile(99))),
                Table.FormatFine(Of(rounds, r => r.FirstFrame.Percentile(50))),
                Over(r => r.FirstFrame.Percentile(50)),
                Table.FormatFine(Of(rounds, r => r.FirstFrame.Percentile(99))),
                Over(r => r.FirstFrame.Percentile(99)));

            string Over(Func<LoadResult, double> figure) => results.TryGetValue(ServerSet.Durable, out var durable)
                ? Table.FormatFine(Of(rounds, figure) - Of(durable, figure))
                : "-";
        }

        table.Print();
    }

    private static double Of(List<LoadResult> rounds, Func<LoadResult, double> figure) => Table.Median(rounds.Select(figure));
}
