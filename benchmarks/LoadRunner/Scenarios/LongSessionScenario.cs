using OpenClaw.Benchmarks.LoadRunner.Http;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;
using OpenClaw.Benchmarks.Shared;

namespace OpenClaw.Benchmarks.LoadRunner.Scenarios;

/// <summary>
/// A turn of a session with 100,000 messages against one of sessions with 10. The messages are real: they are made by
/// turns, so the scenario takes minutes. The server is restarted before the measurement, so that nothing is warm but what
/// a turn needs.
/// </summary>
internal static class LongSessionScenario
{
    private const int ShortTurns = 5;
    private const string Model = "fast-t10";
    private const string AllocatedMetric = "dotnet_gc_heap_total_allocated";

    public static void Run(CommandLine options)
    {
        ServerSet.RequireOurs(options);
        var messages = options.Number("messages", 100_000);
        var measured = options.Number("turns", 200);
        using var servers = new ServerSet(options);
        var environment = servers.ModelEnvironment();
        var folder = servers.NewFolder();
        string longSession;
        string[] shortSessions;
        using (var server = ServerSet.StartOurs(options, folder, environment))
        {
            ServerSet.Open(server.Target);
            var client = new ApiClient(server.Target);
            using var connection = client.Connect();
            var sessions = Enumerable.Range(0, 1 + ((measured + ShortTurns - 1) / ShortTurns)).Select(_ => client.CreateSession(connection, Model)).ToArray();
            longSession = sessions[0];
            shortSessions = sessions[1..];
            foreach (var session in shortSessions)
                Drive(client, connection, session, ShortTurns);
            Drive(client, connection, longSession, messages / 2);
        }

        Console.WriteLine($"### A session of {messages:N0} messages against sessions of {2 * ShortTurns}\n");
        var table = new Table("session", "first turn ms", "turn p50 ms", "turn p99 ms", "prompt KiB a turn", "server CPU ms/turn", "allocated KiB a turn", "resident MiB");
        Measure("short", [.. shortSessions.Select(session => (session, ShortTurns))]);
        Measure("long", [(longSession, measured)]);
        table.Print();

        void Measure(string name, (string Session, int Turns)[] plan)
        {
            using var server = ServerSet.StartOurs(options, folder, environment);
            var target = server.Target;
            var client = new ApiClient(target);
            using var connection = client.Connect();
            // A session that is not measured warms the code up.
            var other = client.CreateSession(connection, Model);
            Drive(client, connection, other, measured);

            var cpu = ProcessFigures.CpuMs(target.ProcessId);
            var allocated = PublishedMetrics.Read(target, AllocatedMetric);
            var prompts = PromptBytes(servers.ModelServer);
            var times = new List<long>();
            foreach (var (session, turns) in plan)
                times.AddRange(Drive(client, connection, session, turns));
            prompts = PromptBytes(servers.ModelServer) - prompts;
            allocated = PublishedMetrics.Read(target, AllocatedMetric) - allocated;
            cpu = ProcessFigures.CpuMs(target.ProcessId) - cpu;

            var distribution = new Distribution(times);
            table.Add(
                name,
                Table.Format(Clock.Milliseconds(times[0])),
                Table.Format(distribution.Percentile(50)),
                Table.Format(distribution.Percentile(99)),
                Table.Format(prompts / times.Count / 1024),
                Table.Format(cpu / times.Count),
                Table.Format(allocated / times.Count / 1024),
                Table.Format(ProcessFigures.ResidentMb(target.ProcessId)));
        }
    }

    private static long[] Drive(ApiClient client, HttpConnection connection, string session, int turns)
    {
        var request = client.Message(session, stream: true);
        var turnClient = new TurnClient(connection);
        var times = new long[turns];
        for (var i = 0; i < turns; i++)
        {
            var timing = turnClient.Stream(request);
            if (timing.Failed)
                throw new IOException($"Turn {i} of a session failed.");
            times[i] = timing.Done - timing.Start;
        }

        return times;
    }

    private static double PromptBytes(Target model)
    {
        const string mark = "\"requestBytes\":";
        var client = new ApiClient(model);
        using var connection = client.Connect();
        connection.Send(client.Get("/stats"));
        var text = connection.ReadText();
        var start = text.IndexOf(mark, StringComparison.Ordinal) + mark.Length;
        return double.Parse(text[start..text.IndexOf(',', start)], System.Globalization.CultureInfo.InvariantCulture);
    }
}
