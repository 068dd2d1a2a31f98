using OpenClaw.Grains.Abstractions.Diagnostics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OpenClaw.WebFrontend.Diagnostics;

/// <summary>
/// One trace from HTTP through grain calls to the model call, sent over OTLP. Without
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> nothing listens and no activity is made.
/// </summary>
internal static class Tracing
{
    private const string EndpointSetting = "OTEL_EXPORTER_OTLP_ENDPOINT";

    public static void AddOpenClawTracing(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration[EndpointSetting]))
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
