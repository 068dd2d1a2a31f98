// What the memory search finds, and how fast, in one process with the product's silo. See docs/performance.md.
//   recall [--verbose]                        the labelled set in Recall/, by text and hybrid
//   speed [--entries N] [--postgres <connection string>]

using System.Globalization;
using OpenClaw.Benchmarks.Memory;

switch (args.FirstOrDefault())
{
    case "recall":
        await RecallRun.RunAsync(args.Contains("--verbose"));
        return 0;
    case "speed":
        await SpeedRun.RunAsync(int.Parse(Option("--entries") ?? "100000", CultureInfo.InvariantCulture), Option("--postgres"));
        return 0;
    default:
        await Console.Error.WriteLineAsync("recall [--verbose] | speed [--entries N] [--postgres <connection string>]");
        return 2;
}

string? Option(string name) => Array.IndexOf(args, name) is var at and >= 0 && at + 1 < args.Length ? args[at + 1] : null;
