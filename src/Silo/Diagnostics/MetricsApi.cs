using Microsoft.AspNetCore.Routing;
using OpenClaw.Grains.Abstractions.Diagnostics;
using Prometheus;

namespace OpenClaw.Silo.Diagnostics;

/// <summary><c>/metrics</c> in Prometheus' text format: the product's own meter, the server's and the runtime's.</summary>
public static class MetricsApi
{
    private static readonly HashSet<string> Meters =
    [
        OpenClawDiagnostics.Name,
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Runtime",
    ];

    /// <summary>Half a millisecond to four minutes: a frame's way as well as a turn.</summary>
    private static readonly double[] Seconds = Histogram.ExponentialBuckets(0.0005, 2, 20);

    /// <summary>1 to 32,768: sizes and counts.</summary>
    private static readonly double[] Amounts = Histogram.ExponentialBuckets(1, 2, 16);

    private static readonly Lazy<IDisposable> Listening = new(StartListening);

    /// <summary>Listens from now on, once per process: up-down counters that had moved before would stay wrong for good.</summary>
    public static void Start() => _ = Listening.Value;

    public static IEndpointRouteBuilder MapMetricsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapMetrics("/metrics");
        return routes;
    }

    private static IDisposable StartListening()
    {
        Metrics.SuppressDefaultMetrics(new SuppressDefaultMetricOptions { SuppressEventCounters = true, SuppressMeters = true, SuppressDebugMetrics = true });
        return MeterAdapter.StartListening(new MeterAdapterOptions
        {
            InstrumentFilterPredicate = instrument => Meters.Contains(instrument.Meter.Name),
            ResolveHistogramBuckets = instrument => instrument.Unit == "s" ? Seconds : Amounts,
        });
    }
}
