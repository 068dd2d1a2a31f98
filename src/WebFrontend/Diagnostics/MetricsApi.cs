using OpenClaw.Grains.Abstractions.Diagnostics;
using Prometheus;

namespace OpenClaw.WebFrontend.Diagnostics;

/// <summary><c>/metrics</c> in Prometheus' text format: the product's own meter, the server's and the runtime's.</summary>
internal static class MetricsApi
{
    private static readonly HashSet<string> Meters =
    [
        OpenClawDiagnostics.Name,
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Runtime",
    ];

    /// <summary>Chooses what is exported. Once per process, before the first scrape.</summary>
    public static void ConfigureMetrics()
    {
        Metrics.SuppressDefaultMetrics(new SuppressDefaultMetricOptions { SuppressEventCounters = true, SuppressDebugMetrics = true });
        Metrics.ConfigureMeterAdapter(options => options.InstrumentFilterPredicate = instrument => Meters.Contains(instrument.Meter.Name));
    }

    public static IEndpointRouteBuilder MapMetricsApi(this IEndpointRouteBuilder routes)
    {
        routes.MapMetrics("/metrics");
        return routes;
    }
}
