using System.Globalization;
using OpenClaw.Benchmarks.LoadRunner.Http;
using OpenClaw.Benchmarks.LoadRunner.Load;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;
using OpenClaw.Benchmarks.Shared;

namespace OpenClaw.Benchmarks.LoadRunner.Scenarios;

/// <summary>
/// The first request to sessions that are in no silo's memory: each has had a few turns, then the server was started again.
/// One half is read, the other gets a message. Other sessions warm the code up; the same requests to a session that is in
/// memory show what the activation adds.
/// </summary>
internal static class ColdSessionScenario
{
    private const int Connections = 16;
    private const int Turns = 3;
    private const int WarmUp = 500;
    private const string Model = "fast-t20";

    public static void Run(CommandLine options)
    {
        ServerSet.RequireOurs(options);
        var count = options.Number("count", 2000);
        var crews = options.List("concurrency", "1,8").Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        using var servers = new ServerSet(options);
        Console.WriteLine($"### First request to a session of {2 * Turns} messages that is not in memory\n");
        var table = new Table("database", "request", "connections", "sessions", "cold p50 ms", "p95 ms", "p99 ms", "most ms", "warm p50 ms", "warm p99 ms");
        foreach (var database in options.List("databases", "postgres,sqlite"))
        {
            var (folder, environment) = servers.NewHome(database);
            string[] sessions;
            using (var server = ServerSet.StartOurs(options, folder, environment))
            {
                ServerSet.Open(server.Target);
                sessions = SessionPool.Create(server.Target, WarmUp + (2 * count * crews.Length), Model, Connections);
                for (var turn = 0; turn < Turns; turn++)
                    Measure(server.Target, sessions, Connections, SendMessage);
            }

            using var measured = ServerSet.StartOurs(options, folder, environment);
            var target = measured.Target;
            Measure(target, sessions[..(WarmUp / 2)], 8, Read);
            Measure(target, sessions[(WarmUp / 2)..WarmUp], 8, SendMessage);
            var next = WarmUp;
            foreach (var connections in crews)
            {
                Add("GET, whole answer", Read);
                Add("message, first byte", SendMessage);

                void Add(string request, Func<ApiClient, HttpConnection, string, long> ask)
                {
                    var mine = sessions[next..(next + count)];
                    next += count;
                    var cold = Measure(target, mine, connections, ask);
                    var warm = Measure(target, mine, connections, ask);
                    table.Add(
                        database,
                        request,
                        $"{connections}",
                        $"{count}",
                        Table.Format(cold.Percentile(50)),
                        Table.Format(cold.Percentile(95)),
                        Table.Format(cold.Percentile(99)),
                        Table.Format(cold.Percentile(100)),
                        Table.Format(warm.Percentile(50)),
                        Table.Format(warm.Percentile(99)));
                }
            }
        }

        table.Print();
    }

    private static Distribution Measure(Target target, string[] sessions, int connections, Func<ApiClient, HttpConnection, string, long> ask)
    {
        var client = new ApiClient(target);
        var times = new long[sessions.Length];
        Crew.Share(client, connections, sessions.Length, (connection, i) => times[i] = ask(client, connection, sessions[i]));
        return new Distribution(times);
    }

    private static long Read(ApiClient client, HttpConnection connection, string session)
    {
        var start = Clock.Now;
        var status = connection.Send(client.Get($"/api/sessions/{session}"));
        var body = connection.ReadText();
        return status == 200 ? connection.ReceivedAt - start : throw new IOException($"A session was answered with {status}: {body}");
    }

    private static long SendMessage(ApiClient client, HttpConnection connection, string session)
    {
        var timing = new TurnClient(connection).Stream(client.Message(session, stream: true));
        return timing.Failed ? throw new IOException("A turn was refused, had no text or no end.") : timing.FirstByte - timing.Start;
    }
}
