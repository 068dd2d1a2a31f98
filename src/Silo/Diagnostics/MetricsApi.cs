using Microsoft.AspNetCore.Routing;
using OpenClaw.Grains.Abstractions.Diagnostics;
using Prometheus;

namespace OpenClaw.Silo.Diagnostics;

/// <summary><c>/metrics</c> in Prometheus' text format: the product's own meter, the server's, the runtime's and Orleans'.</summary>
public static class MetricsApi
{
    private static readonly HashSet<string> Meters =
    [
        OpenClawDiagnostics.Name,
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Runtime",
    ];

    /// <summary>
    /// Of Orleans' meter only what is read when somebody asks for it: the instruments that it writes to with each message
    /// would be paid for by each grain call.
    /// </summary>
    private const string OrleansMeter = "Microsoft.Orleans";

    private static readonly Gauge Process = Metrics.CreateGauge(
        "openclaw_process_info", "Which process this is; always 1.", "role", "silo", "version");

    /// <summary>Half a millisecond to four minutes: a frame's way as well as a turn.</summary>
    private static readonly double[] Seconds = Histogram.ExponentialBuckets(0.0005, 2, 20);

    /// <summary>1 to 32,768: sizes and counts.</summary>
    private static readonly double[] Amounts = Histogram.ExponentialBuckets(1, 2, 16);

    private static readonly Lazy<IDisposable> Listening = new(StartListening);

    /// <summary>Listens from now on, once per process: up-down counters that had moved before would stay wrong for good.</summary>
    public static void Start() => _ = Listening.Value;

    /// <param name="routes">Where the route is added.</param>
    /// <param name="role">What this process does.</param>
    /// <param name="silo">Its silo's name, or null where it has none.</param>
    public static IEndpointRouteBuilder MapMetricsApi(this IEndpointRouteBuilder routes, ServerRole role, string? silo)
    {
        Process.WithLabels(
            role.ToString().ToLowerInvariant(), silo ?? "", typeof(MetricsApi).Assembly.GetName().Version!.ToString(3)).Set(1);
        routes.MapMetrics("/metrics");
        return routes;
    }

    private static IDisposable StartListening()
    {
        Metrics.SuppressDefaultMetrics(new SuppressDefaultMetricOptions { SuppressEventCounters = true, SuppressMeters = true, SuppressDebugMetrics = true });
        return MeterAdapter.StartListening(new MeterAdapterOptions
        {
            InstrumentFilterPredicate = instrument =>
                Meters.Contains(instrument.Meter.Name) || (instrument.Meter.Name == OrleansMeter && instrument.IsObservable),
            ResolveHistogramBuckets = instrument => instrument.Unit == "s" ? Seconds : Amounts,
        });
    }
}
