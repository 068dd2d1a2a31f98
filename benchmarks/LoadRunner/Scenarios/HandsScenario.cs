using System.Diagnostics;
using OpenClaw.Benchmarks.LoadRunner.Http;
using OpenClaw.Benchmarks.LoadRunner.Load;
using OpenClaw.Benchmarks.LoadRunner.Reports;
using OpenClaw.Benchmarks.LoadRunner.Servers;
using OpenClaw.Benchmarks.Shared;

namespace OpenClaw.Benchmarks.LoadRunner.Scenarios;

/// <summary>What a tenant's files and commands cost over the bare thing: a static file of Kestrel's, and bubblewrap alone.</summary>
internal static class HandsScenario
{
    private const int FileBytes = 4096;

    public static void Run(CommandLine options)
    {
        ServerSet.RequireOurs(options);
        var requests = options.Number("requests", 20_000);
        var files = options.Number("files", 10_000);
        using var servers = new ServerSet(options);
        var (folder, environment) = servers.NewHome("sqlite");
        var content = new string('x', FileBytes);
        var staticFiles = Directory.CreateDirectory(Path.Combine(folder, "static")).FullName;
        File.WriteAllText(Path.Combine(staticFiles, "a.txt"), content);
        using var bareServer = ServerProcess.Start(
            ServerSet.Bare, ServerSet.Built("OpenClaw.Benchmarks.BareProxy"), [],
            new Dictionary<string, string>(environment) { ["STATIC_FILES"] = staticFiles });
        using var ourServer = ServerSet.StartOurs(options, folder, environment);
        var (bare, ours) = (bareServer.Target, ourServer.Target);
        new ApiClient(ours).RaiseLimits();
        var client = new ApiClient(ours);
        Ask(client, client.Post("/api/files/write", $$"""{"path":"/Documents/a.txt","content":"{{content}}"}"""), 1, 1);

        Console.WriteLine($"### A file of {FileBytes} bytes\n");
        var reads = new Table("server", "connections", "requests/s", "p50 ms", "p99 ms", "p50 to static");
        var bareClient = new ApiClient(bare);
        var (staticRead, ourRead) = (bareClient.Get("/static/a.txt"), client.Get("/api/files/read?path=/Documents/a.txt"));
        // Compiles what a request needs.
        Ask(bareClient, staticRead, 1, requests / 2);
        Ask(client, ourRead, 1, requests / 2);
        foreach (var connections in (int[])[1, 8])
        {
            var (staticTimes, staticRate) = Ask(bareClient, staticRead, connections, requests);
            var (ourTimes, ourRate) = Ask(client, ourRead, connections, requests);
            Add("static file", staticTimes, staticRate);
            Add("ours", ourTimes, ourRate);

            void Add(string name, Distribution times, double rate) => reads.Add(
                name, $"{connections}", Table.Format(rate), Table.FormatFine(times.Percentile(50)), Table.FormatFine(times.Percentile(99)),
                Table.Format(times.Percentile(50) / staticTimes.Percentile(50)));
        }

        reads.Print();
        Search(client, Path.Combine(folder, "workspaces", "default", "files", "Projects"), files);
        Command(client, options.Number("commands", 200));
    }

    private static void Search(ApiClient client, string directory, int files)
    {
        for (var i = 0; i < files; i++)
        {
            var folder = Directory.CreateDirectory(Path.Combine(directory, $"d{i / 100}")).FullName;
            File.WriteAllText(Path.Combine(folder, $"f{i}.{(i % 100 == 0 ? "md" : "txt")}"), $"This is file number {i} of many.\n");
        }

        Console.WriteLine($"### A search of {files:N0} files\n");
        var table = new Table("what", "p50 ms", "most ms");
        foreach (var (what, query) in new[] { ("names (*.md)", "pattern=*.md"), ("text in all", "pattern=*&text=number%20777%20") })
        {
            var request = client.Get($"/api/files/search?{query}");
            Ask(client, request, 1, 5);
            var (times, _) = Ask(client, request, 1, 20);
            table.Add(what, Table.Format(times.Percentile(50)), Table.Format(times.Percentile(100)));
        }

        table.Print();
    }

    private static void Command(ApiClient client, int commands)
    {
        var request = client.Post("/api/commands/execute", """{"command":"true"}""");
        Ask(client, request, 1, 10);
        var alone = new List<long>();
        var ours = new List<long>();
        // One after the other, so that a noisy moment meets both.
        for (var i = 0; i < commands; i++)
        {
            var start = Clock.Now;
            using (var process = Process.Start(
                new ProcessStartInfo("bwrap", ["--die-with-parent", "--new-session", "--unshare-pid", "--unshare-ipc", "--unshare-net", "--unshare-uts", "--ro-bind", "/usr", "/usr", "--symlink", "usr/bin", "/bin", "--symlink", "usr/lib", "/lib", "--symlink", "usr/lib64", "/lib64", "--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp", "/bin/bash", "-c", "true"]))!)
                process.WaitForExit();
            alone.Add(Clock.Now - start);
            start = Clock.Now;
            Ask(client, request, 1, 1);
            ours.Add(Clock.Now - start);
        }

        Console.WriteLine("### A sandboxed `true`\n");
        var table = new Table("what", "p50 ms", "p99 ms", "p50 over bubblewrap");
        var (aloneTimes, ourTimes) = (new Distribution(alone), new Distribution(ours));
        table.Add("bubblewrap alone", Table.Format(aloneTimes.Percentile(50)), Table.Format(aloneTimes.Percentile(99)), "-");
        table.Add("ours, through HTTP", Table.Format(ourTimes.Percentile(50)), Table.Format(ourTimes.Percentile(99)), Table.Format(ourTimes.Percentile(50) - aloneTimes.Percentile(50)));
        table.Print();
    }

    private static (Distribution Times, double Rate) Ask(ApiClient client, byte[] request, int connections, int requests)
    {
        var times = new long[requests];
        var begun = Clock.Now;
        Crew.Share(client, connections, requests, (connection, i) =>
        {
            var start = Clock.Now;
            connection.Ask(request);
            times[i] = connection.ReceivedAt - start;
        });
        return (new Distribution(times), requests / (Clock.Milliseconds(Clock.Now - begun) / 1000));
    }
}
