using System.Diagnostics;
using OpenClaw.Benchmarks.LoadRunner.Http;
using OpenClaw.Benchmarks.LoadRunner.Load;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;

namespace OpenClaw.Benchmarks.LoadRunner.Scenarios;

/// <summary>
/// 300 streams of 50 tokens/s at once: how much longer than the model's own they take when the server has one core. The
/// server runs on the first core alone, model server and runner on the others.
/// </summary>
internal static class ManyStreamsScenario
{
    public static void Run(CommandLine options)
    {
        var streams = options.Number("streams", 300);
        var model = options.Text("model", "fast-t250-d20");
        var others = Environment.ProcessorCount > 1 ? $"1-{Environment.ProcessorCount - 1}" : "0";
        using var servers = new ServerSet(options, modelCpus: others);
        var names = ServerSet.Available(options, $"{ServerSet.Model},{ServerSet.Bare},{ServerSet.Durable},{ServerSet.Ours}");
        var targets = names.Select(name => servers.Start(name, cpus: "0")).ToArray();
        LeaveFirstCore();

        var totals = names.ToDictionary(name => name, _ => new List<long>());
        var cpu = names.ToDictionary(name => name, _ => 0.0);
        foreach (var target in targets)
        {
            if (target.Name != ServerSet.Model)
                ServerSet.Open(target);
            Drive(target, "fast-t50-d20", streams);
        }

        for (var round = 0; round < options.Number("rounds", 3); round++)
        {
            foreach (var target in targets)
            {
                var before = ProcessFigures.CpuMs(target.ProcessId);
                totals[target.Name].AddRange(Drive(target, model, streams));
                cpu[target.Name] += ProcessFigures.CpuMs(target.ProcessId) - before;
            }
        }

        Console.WriteLine($"### {streams} streams at once of model {model}, server on one core: total time\n");
        var table = new Table("server", "streams", "p50 ms", "p99 ms", "p99 over the model's own", "CPU ms a stream");
        var own = new Distribution(totals.GetValueOrDefault(ServerSet.Model, [])).Percentile(99);
        foreach (var (name, ticks) in totals)
        {
            var distribution = new Distribution(ticks);
            table.Add(
                name,
                $"{distribution.Count}",
                Table.Format(distribution.Percentile(50)),
                Table.Format(distribution.Percentile(99)),
                $"{Table.Format(100 * ((distribution.Percentile(99) / own) - 1))} %",
                Table.Format(cpu[name] / distribution.Count));
        }

        table.Print();
    }

    private static long[] Drive(Target target, string model, int streams)
    {
        var client = new ApiClient(target);
        var requests = target.Name == ServerSet.Model
            ? [.. Enumerable.Repeat(client.Completion(model), streams)]
            : SessionPool.Create(target, streams, model).Select(id => client.Message(id, stream: true)).ToArray();
        var totals = new long[streams];
        Crew.Run(streams, i =>
        {
            using var connection = client.Connect();
            var timing = new TurnClient(connection).Stream(requests[i]);
            if (timing.Failed)
                throw new IOException($"A turn of {target.Name} failed.");
            totals[i] = timing.Done - timing.Start;
        });
        return totals;
    }

    /// <summary>Threads started from here on keep off the first core, which is the server's.</summary>
    private static void LeaveFirstCore()
    {
        if (OperatingSystem.IsLinux() && Environment.ProcessorCount is > 1 and <= 62)
            Process.GetCurrentProcess().ProcessorAffinity = (nint)((1L << Environment.ProcessorCount) - 2);
    }
}
