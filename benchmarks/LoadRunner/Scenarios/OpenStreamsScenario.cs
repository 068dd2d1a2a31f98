using System.Net;
using OpenClaw.Benchmarks.LoadRunner.Http;
using OpenClaw.Benchmarks.LoadRunner.Load;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;

namespace OpenClaw.Benchmarks.LoadRunner.Scenarios;

/// <summary>
/// 10,000 open <c>GET .../stream</c> on one process, each on a session of its own unless <c>--sessions</c> says fewer:
/// memory, and CPU while nothing happens.
/// </summary>
internal static class OpenStreamsScenario
{
    private const int ConnectionsPerAddress = 5_000;
    private const int Openers = 8;
    private const int IdleSeconds = 10;

    public static void Run(CommandLine options)
    {
        ServerSet.RequireOurs(options);
        var count = options.Number("count", 10_000);
        using var servers = new ServerSet(options);
        var target = servers.Start(ServerSet.Ours);
        ServerSet.Open(target);
        var ids = SessionPool.Create(target, options.Number("sessions", count), "offline");

        Console.WriteLine($"### {count:N0} open event streams on {ids.Length:N0} sessions\n");
        var table = new Table("state", "resident MiB", "heap MiB", "KiB a stream", "idle CPU ms/s");
        var before = Measure("no stream", double.NaN);
        var client = new ApiClient(target);
        var connections = new HttpConnection[count];
        try
        {
            Crew.Share(Openers, count, i =>
            {
                connections[i] = client.Connect(new IPAddress([127, 0, 0, (byte)(2 + (i / ConnectionsPerAddress))]), bufferSize: 2048);
                var status = connections[i].Send(client.Get($"/api/sessions/{ids[i % ids.Length]}/stream"));
                if (status != 200)
                    throw new IOException($"A stream was answered with {status}.");
            });
            Measure("all open", before);
        }
        finally
        {
            foreach (var connection in connections)
                connection?.Dispose();
        }

        table.Print();

        double Measure(string state, double noStream)
        {
            RuntimeProbe.Collect(target.ProcessId);
            var idle = ProcessFigures.IdleCpu(target.ProcessId, IdleSeconds);
            var resident = ProcessFigures.ResidentMb(target.ProcessId);
            table.Add(
                state,
                Table.Format(resident),
                Table.Format(PublishedMetrics.Read(target, "dotnet_total_memory_bytes") / (1024 * 1024)),
                Table.Format((resident - noStream) * 1024 / count),
                Table.Format(idle));
            return resident;
        }
    }
}
