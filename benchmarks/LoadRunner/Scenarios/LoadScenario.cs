using OpenClaw.Benchmarks.LoadRunner.Load;
using OpenClaw.Benchmarks.LoadRunner.Servers;

namespace OpenClaw.Benchmarks.LoadRunner.Scenarios;

/// <summary>Drives a server that runs already: <c>--url http://127.0.0.1:3000 --key ... [--pid ...]</c>.</summary>
internal static class LoadScenario
{
    public static void Run(CommandLine options)
    {
        var url = new Uri(options.Text("url", "http://127.0.0.1:3000"));
        if (!url.IsLoopback)
            throw new ArgumentException("--url must name a server on 127.0.0.1.");
        var target = new Target("server", url.Port, options.Text("key"), options.Number("pid", 0));
        ServerSet.Open(target);
        var loads = new Dictionary<string, TurnLoad> { [target.Name] = new(target) };
        foreach (var concurrency in options.List("concurrency", "1,8,32"))
        {
            Console.WriteLine($"concurrency {concurrency}\n");
            var plan = LoadPlan.From(options, int.Parse(concurrency, System.Globalization.CultureInfo.InvariantCulture));
            TurnsScenario.Print(TurnsScenario.Rounds(options, loads, plan));
        }
    }
}
