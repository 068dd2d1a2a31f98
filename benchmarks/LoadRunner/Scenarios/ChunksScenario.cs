using System.Net.Sockets;
using OpenClaw.Benchmarks.LoadRunner.Http;
using OpenClaw.Benchmarks.LoadRunner.Load;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;
using OpenClaw.Benchmarks.Shared;

namespace OpenClaw.Benchmarks.LoadRunner.Scenarios;

/// <summary>
/// The age of a chunk when it reaches the client. The model server writes the clock's reading into each chunk as it sends
/// it; what a server adds is the difference to the bare proxy's.
/// </summary>
internal static class ChunksScenario
{
    private const string Watcher = "ours, watcher";

    // Streams begin apart from one another, so that their chunks do not all come in the same millisecond.
    private const int StaggerMs = 3;

    public static void Run(CommandLine options)
    {
        var streams = options.Number("streams", 8);
        var model = options.Text("model", "fast-t200-d20-stamp");
        var names = ServerSet.Available(options, $"{ServerSet.Model},{ServerSet.Bare},{ServerSet.Ours}").ToList();
        using var servers = new ServerSet(options);
        var targets = names.ToDictionary(name => name, name => servers.Start(name));
        foreach (var target in targets.Values.Where(target => target.Name != ServerSet.Model))
            ServerSet.Open(target);
        if (targets.TryGetValue(ServerSet.Ours, out var ours))
            targets[Watcher] = ours;

        var ages = targets.Keys.ToDictionary(name => name, _ => new List<long>());
        // The first round warms up.
        for (var round = 0; round <= options.Number("rounds", 5); round++)
        {
            foreach (var (name, target) in targets)
            {
                var seen = name == Watcher ? Watch(target, model, streams) : Call(target, model, streams);
                if (round > 0)
                    ages[name].AddRange(seen);
            }
        }

        Console.WriteLine($"### Age of a chunk at the client, {streams} streams of model {model}, in ms\n");
        var table = new Table("server", "chunks", "p50", "over bare", "p99", "over bare");
        var bare = new Distribution(ages.GetValueOrDefault(ServerSet.Bare, []));
        foreach (var (name, seen) in ages)
        {
            var distribution = new Distribution(seen);
            table.Add(
                name,
                $"{distribution.Count}",
                Table.FormatFine(distribution.Percentile(50)),
                Table.FormatFine(distribution.Percentile(50) - bare.Percentile(50)),
                Table.FormatFine(distribution.Percentile(99)),
                Table.FormatFine(distribution.Percentile(99) - bare.Percentile(99)));
        }

        table.Print();
    }

    /// <summary>Ages as the callers of the turns see them.</summary>
    private static List<long> Call(Target target, string model, int streams)
    {
        var client = new ApiClient(target);
        var requests = Requests(target, client, model, streams);
        var ages = Enumerable.Range(0, streams).Select(_ => new List<long>()).ToArray();
        Crew.Run(streams, i =>
        {
            using var connection = client.Connect();
            Thread.Sleep(i * StaggerMs);
            if (new TurnClient(connection).Stream(requests[i], ages[i]).Failed)
                throw new IOException($"A turn of {target.Name} failed.");
        });
        return [.. ages.SelectMany(list => list)];
    }

    /// <summary>Ages as someone else who reads the session's stream sees them, while a caller reads his own.</summary>
    private static List<long> Watch(Target target, string model, int streams)
    {
        var client = new ApiClient(target);
        var ids = SessionPool.Create(target, streams, model);
        var ages = Enumerable.Range(0, streams).Select(_ => new List<long>()).ToArray();
        Crew.Run(streams, i =>
        {
            using var watching = client.Connect();
            var status = watching.Send(client.Get($"/api/sessions/{ids[i]}/stream"));
            if (status != 200)
                throw new IOException($"{target.Name} answered {status} to a watcher.");
            var watcher = new Thread(() => ReadUntilDone(watching, ages[i]));
            watcher.Start();
            using var calling = client.Connect();
            Thread.Sleep(i * StaggerMs);
            if (new TurnClient(calling).Stream(client.Message(ids[i], stream: true)).Failed)
                throw new IOException($"A turn of {target.Name} failed.");
            if (!watcher.Join(TimeSpan.FromSeconds(10)))
                watching.Abort();
            watcher.Join();
        });
        return [.. ages.SelectMany(list => list)];
    }

    private static void ReadUntilDone(HttpConnection connection, List<long> ages)
    {
        var scanner = new SseScanner();
        try
        {
            while (connection.TryReadBody(out var piece))
            {
                while (scanner.TryRead(ref piece, out var data))
                {
                    TurnClient.AddAges(data, connection.ReceivedAt, ages);
                    if (data.IndexOf("\"type\":\"done\""u8) >= 0)
                        return;
                }
            }
        }
        catch (Exception exception) when (exception is IOException or SocketException or ObjectDisposedException)
        {
            Console.Error.WriteLine($"A watcher saw no end: {exception.Message}");
        }
    }

    private static byte[][] Requests(Target target, ApiClient client, string model, int streams) => target.Name == ServerSet.Model
        ? [.. Enumerable.Repeat(client.Completion(model), streams)]
        : [.. SessionPool.Create(target, streams, model).Select(id => client.Message(id, stream: true))];
}
