using System.Globalization;
using OpenClaw.Benchmarks.LoadRunner.Limits;
using OpenClaw.Benchmarks.LoadRunner.Load;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;

namespace OpenClaw.Benchmarks.LoadRunner.Scenarios;

/// <summary>
/// Turns a second on PostgreSQL against plain batched inserts of the rows that such a turn writes, at the same concurrency
/// and on the same database server, round after round.
/// </summary>
internal static class PostgresTurnsScenario
{
    private const string Inserts = "inserts";
    private const string CommitsMetric = "openclaw_log_commits";
    private const string TurnsMetric = "openclaw_turns{";

    public static void Run(CommandLine options)
    {
        ServerSet.RequireOurs(options);
        using var servers = new ServerSet(options);
        var (database, limit) = (servers.CreateDatabase(), servers.CreateDatabase());
        // Makes the tables of the other.
        ServerSet.StartOurs(options, servers.NewFolder(), ServerSet.OnPostgres(limit, servers.ModelEnvironment())).Dispose();
        var target = servers.Start(ServerSet.Ours, connectionString: database);
        ServerSet.Open(target);

        using var figures = new PostgresFigures(database);
        var meters = figures.Meters();
        meters[BatchedInserts.Commits] = () => PublishedMetrics.Read(target, CommitsMetric);
        var load = new TurnLoad([target], servers.ModelServer, meters);
        using var inserts = new BatchedInserts(limit, TurnRows.Record(target, database), options.Number("writers", 3), figures.Meters());
        foreach (var concurrency in options.List("concurrency", "32,8"))
        {
            var plan = LoadPlan.From(options, int.Parse(concurrency, CultureInfo.InvariantCulture)) with { Model = options.Text("model", "fast-t20") };
            var warmUp = options.Real("warmup", 8);
            load.WarmUp(plan, warmUp);
            inserts.Run(plan with { Duration = Math.Max(1, warmUp / 4) });
            List<LoadResult> ours = [], limits = [];
            for (var round = 0; round < options.Number("rounds", 3); round++)
            {
                ours.Add(load.Run(plan));
                limits.Add(inserts.Run(plan));
            }

            Console.WriteLine($"### Turns on PostgreSQL, concurrency {concurrency}, {plan.Sessions} sessions\n");
            Print(ours, limits);
        }

        Console.WriteLine("### Room of a turn in the database, indexes included\n");
        var turns = PublishedMetrics.Read(target, TurnsMetric);
        Console.WriteLine($"{turns:N0} turns: session_event {figures.TableBytes("session_event") / turns:N0} bytes a turn, session {figures.TableBytes("session") / turns:N0} bytes a turn\n");
    }

    private static void Print(List<LoadResult> ours, List<LoadResult> limits)
    {
        var table = new Table("program", "turns/s", "of inserts", "p50 ms", "p99 ms", "first commit p50", "CPU ms/turn", "PostgreSQL CPU", "log KiB/turn", "turns/commit", "model CPU", "runner CPU", "errors");
        foreach (var (name, rounds) in new[] { (ServerSet.Ours, ours), (Inserts, limits) })
        {
            table.Add(
                name,
                Table.Format(Of(r => r.TurnsPerSecond)),
                Table.Format(Table.Median(rounds.Zip(limits, (r, limit) => r.TurnsPerSecond / limit.TurnsPerSecond))),
                Table.Format(Of(r => r.Turn.Percentile(50))),
                Table.Format(Of(r => r.Turn.Percentile(99))),
                Table.Format(Of(r => r.FirstByte.Percentile(50))),
                Table.FormatFine(Of(r => r.CpuPerTurn)),
                Table.FormatFine(Of(r => r.Spent[PostgresFigures.Cpu] / r.Turns)),
                Table.Format(Of(r => r.Spent[PostgresFigures.Log] / r.Turns / 1024)),
                Table.Format(Of(r => r.Turns / r.Spent[BatchedInserts.Commits])),
                Table.FormatFine(Of(r => r.ModelCpuMs / r.Turns)),
                Table.FormatFine(Of(r => r.RunnerCpuMs / r.Turns)),
                $"{rounds.Sum(r => r.Errors)}");

            double Of(Func<LoadResult, double> figure) => Table.Median(rounds.Select(figure));
        }

        table.Print();
        TurnsScenario.PrintRounds(ServerSet.Ours, ours);
        TurnsScenario.PrintRounds(Inserts, limits);
        Console.WriteLine();
    }
}
