using OpenClaw.Benchmarks.LoadRunner.Http;
using OpenClaw.Benchmarks.LoadRunner.Load;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;
using OpenClaw.Benchmarks.Shared;

namespace OpenClaw.Benchmarks.LoadRunner.Scenarios;

/// <summary>
/// Times of <c>GET /api/sessions</c> when the tenant has many sessions: the first page, and all pages one after the other,
/// so that deep cursors count like shallow ones. The server is started again after the sessions were created.
/// </summary>
internal static class SessionListScenario
{
    private const string CursorMark = "\"nextCursor\":\"";
    private const int PageSize = 100;

    public static void Run(CommandLine options)
    {
        ServerSet.RequireOurs(options);
        var seed = options.Number("seed", 100_000);
        var requests = options.Number("requests", 2000);
        using var servers = new ServerSet(options);
        Console.WriteLine($"### List of {seed:N0} sessions of one tenant\n");
        var table = new Table("database", "request", "connections", "requests", "p50 ms", "p95 ms", "p99 ms", "most ms");
        foreach (var database in options.List("databases", "postgres,sqlite"))
        {
            var (folder, environment) = servers.NewHome(database);
            using (var server = ServerSet.StartOurs(options, folder, environment))
                SessionPool.Create(server.Target, seed, "offline");
            using var measured = ServerSet.StartOurs(options, folder, environment);
            var target = measured.Target;
            // Compiles what a request needs.
            FirstPages(target, "/api/sessions", connections: 1, requests / 4);
            Walk(target, connections: 1, requests / 4);
            foreach (var connections in (int[])[1, 8])
            {
                Add("first page", FirstPages(target, "/api/sessions", connections, requests));
                Add($"first page of {PageSize}", FirstPages(target, $"/api/sessions?limit={PageSize}", connections, requests));
                Add($"all pages of {PageSize}", Walk(target, connections, requests));

                void Add(string request, Distribution times) => table.Add(
                    database,
                    request,
                    $"{connections}",
                    $"{times.Count}",
                    Table.Format(times.Percentile(50)),
                    Table.Format(times.Percentile(95)),
                    Table.Format(times.Percentile(99)),
                    Table.Format(times.Percentile(100)));
            }
        }

        table.Print();
    }

    private static Distribution FirstPages(Target target, string path, int connections, int requests)
    {
        var client = new ApiClient(target);
        var request = client.Get(path);
        return Measure(client, connections, requests, (connection, times) => Get(connection, request, times));
    }

    private static Distribution Walk(Target target, int connections, int requests)
    {
        var client = new ApiClient(target);
        var first = client.Get($"/api/sessions?limit={PageSize}");
        var next = new ThreadLocal<byte[]>(() => first);
        return Measure(client, connections, requests, (connection, times) =>
        {
            var body = Get(connection, next.Value!, times);
            var start = body.IndexOf(CursorMark, StringComparison.Ordinal) + CursorMark.Length;
            next.Value = start < CursorMark.Length
                ? first
                : client.Get($"/api/sessions?limit={PageSize}&cursor={Uri.EscapeDataString(body[start..body.IndexOf('"', start)])}");
        });
    }

    private static Distribution Measure(ApiClient client, int connections, int requests, Action<HttpConnection, List<long>> ask)
    {
        var times = Enumerable.Range(0, connections).Select(_ => new List<long>()).ToArray();
        Crew.Run(connections, worker =>
        {
            using var connection = client.Connect();
            for (var i = worker; i < requests; i += connections)
                ask(connection, times[worker]);
        });
        return new Distribution(times.SelectMany(all => all));
    }

    private static string Get(HttpConnection connection, byte[] request, List<long> times)
    {
        var start = Clock.Now;
        var body = connection.Ask(request);
        times.Add(connection.ReceivedAt - start);
        return body;
    }
}
