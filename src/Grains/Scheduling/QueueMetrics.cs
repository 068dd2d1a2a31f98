using System.Diagnostics.Metrics;
using OpenClaw.Grains.Abstractions.Diagnostics;

namespace OpenClaw.Grains.Scheduling;

/// <summary>Metrics of the queues for slots, tagged with the queue: a provider's name, <c>tools</c>, <c>turns</c> or <c>webhooks</c>.</summary>
internal static class QueueMetrics
{
    public static readonly UpDownCounter<long> Waiting =
        OpenClawDiagnostics.Meter.CreateUpDownCounter<long>("queue.waiting", "{request}", "Requests that wait for a slot, by queue.");

    public static readonly Histogram<double> Wait = OpenClawDiagnostics.Meter.CreateHistogram<double>(
        "queue.wait", "s", "How long a request waited for its slot, by queue. Those that did not wait are left out.");
}
