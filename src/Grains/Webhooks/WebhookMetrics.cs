using System.Diagnostics.Metrics;
using OpenClaw.Grains.Abstractions.Diagnostics;

namespace OpenClaw.Grains.Webhooks;

/// <summary>Metrics of deliveries.</summary>
internal static class WebhookMetrics
{
    private static readonly Histogram<double> Duration = OpenClawDiagnostics.Meter.CreateHistogram<double>(
        "webhook.duration", "s", "How long an attempt to deliver to a webhook took, by outcome.");

    public static void Record(DeliveryAnswer answer, TimeSpan took) => Duration.Record(
        took.TotalSeconds, new KeyValuePair<string, object?>("outcome", answer.Failure?.ToString().ToLowerInvariant() ?? "delivered"));
}
