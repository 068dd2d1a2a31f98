using System.Diagnostics.Metrics;
using OpenClaw.Grains.Abstractions.Diagnostics;

namespace OpenClaw.Grains.Sessions;

/// <summary>Metrics of sessions and turns; described in <c>docs/operations.md</c>.</summary>
internal static class SessionMetrics
{
    public static readonly UpDownCounter<long> ActiveSessions =
        OpenClawDiagnostics.Meter.CreateUpDownCounter<long>("sessions.active", "{session}", "Sessions activated in this process.");

    public static readonly UpDownCounter<long> RunningTurns =
        OpenClawDiagnostics.Meter.CreateUpDownCounter<long>("turns.running", "{turn}", "Turns that run in this process.");

    public static readonly Counter<long> Turns =
        OpenClawDiagnostics.Meter.CreateCounter<long>("turns", "{turn}", "Turns that ended, by finish reason.");

    public static readonly Counter<long> Recoveries =
        OpenClawDiagnostics.Meter.CreateCounter<long>("turns.recovered", "{turn}", "Turns that went on after a crash.");

    public static readonly Counter<long> Frames =
        OpenClawDiagnostics.Meter.CreateCounter<long>("frames", "{frame}", "Frames written.");

    public static readonly Counter<long> Fenced =
        OpenClawDiagnostics.Meter.CreateCounter<long>("sessions.fenced", "{activation}", "Activations that stepped down because another one had written.");

    public static readonly Histogram<double> TurnDuration =
        OpenClawDiagnostics.Meter.CreateHistogram<double>("turn.duration", "s", "From a turn's start to its end.");

    public static readonly Histogram<double> TimeToFirstFrame =
        OpenClawDiagnostics.Meter.CreateHistogram<double>("turn.time_to_first_frame", "s", "From a turn's start to its first text or code frame.");
}
