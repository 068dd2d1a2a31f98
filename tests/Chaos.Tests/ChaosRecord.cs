using System.Globalization;
using OpenClaw.Chaos.Tests.Audits;
using OpenClaw.Chaos.Tests.Clients;
using OpenClaw.Chaos.Tests.Faults;

namespace OpenClaw.Chaos.Tests;

/// <summary>What a run was, as a table for <c>docs/durability.md</c>.</summary>
internal static class ChaosRecord
{
    /// <summary>Faults before this moment may have caused a wait that ended at it.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(15);

    public static string Write(ChaosSettings settings, IReadOnlyList<Fault> faults, int exits, RunAudit audit, int toolRuns, Waits waits)
    {
        var sorted = waits.Sorted();
        var kinds = faults.GroupBy(fault => fault.Kind).OrderBy(kind => kind.Key).Select(kind => Text($"{kind.Key} {kind.Count()}"));
        string[] lines =
        [
            "| | |",
            "| --- | --- |",
            Text($"| duration of the faults, seed | {settings.Duration}, {settings.Seed} |"),
            Text($"| faults | {faults.Count}: {string.Join(", ", kinds)} |"),
            Text($"| processes that ended by themselves and were started again | {exits} |"),
            Text($"| sessions at once | {settings.Sessions} |"),
            Text($"| turns | {audit.Turns}, of which {audit.Recoveries} times one went on after a crash |"),
            Text($"| tool runs | {toolRuns}; calls that a crash cut: {audit.InterruptedCalls} |"),
            Text($"| longest wait for a frame | {WaitAt(sorted, 0)}{Causes(sorted, faults)} |"),
            Text($"| longest wait of an answer, p99, p50 | {WaitAt(sorted, sorted.Count / 100)}, {WaitAt(sorted, sorted.Count / 2)} |"),
            Text($"| broken promises | {audit.Findings.Count} |"),
        ];
        return string.Join('\n', lines) + "\n";
    }

    private static string WaitAt(IReadOnlyList<(TimeSpan Longest, DateTimeOffset Until)> sorted, int index) =>
        index < sorted.Count ? Text($"{sorted[index].Longest.TotalSeconds:F1} s") : "none";

    private static string Causes(IReadOnlyList<(TimeSpan Longest, DateTimeOffset Until)> sorted, IReadOnlyList<Fault> faults)
    {
        if (sorted.Count == 0)
            return "";
        var (longest, until) = sorted[0];
        var causes = faults.Where(fault => fault.From < until && fault.From + fault.Length + Aftermath > until - longest);
        return $" ({string.Join(", ", causes.Select(cause => $"{cause.Kind} {cause.Target}"))})";
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
