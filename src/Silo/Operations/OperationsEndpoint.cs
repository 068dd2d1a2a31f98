using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenClaw.Silo.Diagnostics;

namespace OpenClaw.Silo.Operations;

/// <summary>
/// <c>/healthz</c>, <c>/readyz</c> and <c>/metrics</c> of a stand-alone silo, on its private address. A host of its own,
/// because it is to answer before the silo has started and while it stops.
/// </summary>
internal sealed class OperationsEndpoint(
    SiloHealth health, ILocalSiloDetails silo, IConfiguration configuration, ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    private WebApplication? _app;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = ClusterSettings.From(configuration);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton(loggers);
        // The process's own host listens to signals and stops this one.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(settings.Address, settings.HttpPort);
        });
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGet("/healthz", static http => WriteAsync(http, StatusCodes.Status200OK, """{"status":"ok"}"""));
        _app.MapGet("/readyz", ReadyAsync);
        _app.MapMetricsApi(ServerRole.Silo, silo.Name);
        await _app.StartAsync(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => _app?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null) await _app.DisposeAsync();
    }

    private async Task ReadyAsync(HttpContext http)
    {
        var report = await health.CheckAsync();
        await WriteAsync(
            http,
            report.IsReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
            $$"""{ "status": "{{report.Status}}", "checks": { "silo": "{{report.Silo}}", "database": "{{report.Database}}" } }""");
    }

    private static Task WriteAsync(HttpContext http, int status, string json)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsync(json, http.RequestAborted);
    }

    /// <summary>Waits for no signal.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
