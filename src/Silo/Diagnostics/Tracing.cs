using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenClaw.Grains.Abstractions.Diagnostics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OpenClaw.Silo.Diagnostics;

/// <summary>
/// One trace from HTTP through grain calls to the model call, sent over OTLP. Without
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> nothing listens and no activity is made.
/// </summary>
public static class Tracing
{
    private const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>True when traces go somewhere.</summary>
    public static bool IsOn(IConfiguration configuration) => !string.IsNullOrEmpty(configuration[EndpointSetting]);

    public static void AddOpenClawTracing(this IHostApplicationBuilder builder)
    {
        if (!IsOn(builder.Configuration))
            return;
        builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("openclaw"))
            .WithTracing(tracing => tracing
                .AddSource(OpenClawDiagnostics.Name, "Microsoft.Orleans.Runtime", "Microsoft.Orleans.Application", "Microsoft.Orleans.Lifecycle", "Microsoft.Orleans.Storage")
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddOtlpExporter());
    }
}
