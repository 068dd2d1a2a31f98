using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using OpenClaw.Benchmarks.LoadRunner.Http;
using OpenClaw.Benchmarks.LoadRunner.Load;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;

namespace OpenClaw.Benchmarks.LoadRunner.Scenarios;

/// <summary>
/// WebSockets of one tenant on one process, all subscribed: memory and CPU of 10,000 to which nothing happens, and the time
/// until a message has reached each of 1,000.
/// </summary>
internal static class SocketsScenario
{
    private const int ConnectionsPerAddress = 5_000;
    private const int Openers = 8;
    private const int IdleSeconds = 10;
    private const int WarmupMessages = 20;
    private const int MillisecondsBetween = 250;
    private const string Model = "fast-t1";

    public static void Run(CommandLine options)
    {
        ServerSet.RequireOurs(options);
        using var servers = new ServerSet(options);
        Idle(options, servers, options.Number("count", 10_000));
        FanOut(options, servers, options.Number("subscribers", 1_000), options.Number("messages", 200));
    }

    private static void Idle(CommandLine options, ServerSet servers, int count)
    {
        using var server = Start(options, servers);
        var target = server.Target;
        ServerSet.Open(target);
        // What the code itself needs is not counted.
        foreach (var socket in Open(target, Openers))
            socket.Dispose();

        Console.WriteLine($"### {count:N0} open WebSockets\n");
        var table = new Table("state", "resident MiB", "heap MiB", "KiB a socket", "idle CPU ms/s");
        var before = Measure("no socket", double.NaN);
        var sockets = Open(target, count);
        Measure("all open", before);
        foreach (var socket in sockets)
            socket.Dispose();
        table.Print();

        double Measure(string state, double noSocket)
        {
            RuntimeProbe.Collect(target.ProcessId);
            var idle = ProcessFigures.IdleCpu(target.ProcessId, IdleSeconds);
            var resident = ProcessFigures.ResidentMb(target.ProcessId);
            table.Add(
                state,
                Table.Format(resident),
                Table.Format(PublishedMetrics.Read(target, "dotnet_total_memory_bytes") / (1024 * 1024)),
                Table.Format((resident - noSocket) * 1024 / count),
                Table.Format(idle));
            return resident;
        }
    }

    private static void FanOut(CommandLine options, ServerSet servers, int subscribers, int messages)
    {
        using var server = Start(options, servers);
        var target = server.Target;
        ServerSet.Open(target);
        var session = SessionPool.Create(target, 1, Model, 1)[0];
        var sockets = Open(target, subscribers);
        var ages = new ConcurrentQueue<(int Message, double Milliseconds)>();
        var done = Task.WhenAll(sockets.Select(socket => Task.Run(() => ReceiveAsync(socket, WarmupMessages + messages, ages))));
        var client = new ApiClient(target);
        using (var connection = client.Connect())
        {
            for (var i = 0; i < WarmupMessages + messages; i++)
            {
                connection.Ask(client.Message(session, stream: false));
                Thread.Sleep(MillisecondsBetween);
            }
        }

        done.WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
        foreach (var socket in sockets)
            socket.Dispose();

        var measured = ages.Where(age => age.Message >= WarmupMessages).ToArray();
        Console.WriteLine($"\n### Messages to {subscribers:N0} subscribers of one tenant, {messages:N0} of them\n");
        var table = new Table("from a message's acceptance to", "p50 ms", "p90 ms", "p99 ms");
        Add("each subscriber", measured.Select(age => age.Milliseconds));
        Add("the last one", measured.GroupBy(age => age.Message).Select(message => message.Max(age => age.Milliseconds)));
        table.Print();

        void Add(string what, IEnumerable<double> milliseconds)
        {
            var distribution = Distribution.OfMilliseconds(milliseconds);
            table.Add(what, Table.Format(distribution.Percentile(50)), Table.Format(distribution.Percentile(90)), Table.Format(distribution.Percentile(99)));
        }
    }

    /// <summary>Each user's message holds the time at which it was accepted, by the clock of this machine, to the millisecond.</summary>
    private static async Task ReceiveAsync(SubscribedSocket socket, int messages, ConcurrentQueue<(int, double)> ages)
    {
        for (var message = 0; message < messages;)
        {
            var frame = await socket.NextAsync();
            var now = TimeProvider.System.GetUtcNow();
            if (frame.AsSpan().IndexOf("\"role\":\"user\""u8) < 0)
                continue;
            using var json = JsonDocument.Parse(frame);
            ages.Enqueue((message++, (now - json.RootElement.GetProperty("timestamp").GetDateTimeOffset()).TotalMilliseconds));
        }
    }

    private static ServerProcess Start(CommandLine options, ServerSet servers) =>
        ServerSet.StartOurs(options, servers.NewFolder(), new Dictionary<string, string>(servers.ModelEnvironment())
        {
            ["OpenClaw__Sockets__MaxConnectionsPerTenant"] = "100000",
            ["OpenClaw__Sockets__PongTimeout"] = "01:00:00",
        });

    private static SubscribedSocket[] Open(Target target, int count)
    {
        var sockets = new SubscribedSocket[count];
        Crew.Share(Openers, count, i =>
            sockets[i] = new SubscribedSocket(target, new IPAddress([127, 0, 0, (byte)(2 + (i / ConnectionsPerAddress))])));
        return sockets;
    }
}
