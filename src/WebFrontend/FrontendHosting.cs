using Microsoft.Extensions.Options;
using OpenClaw.Silo;
using OpenClaw.Silo.Diagnostics;
using OpenClaw.WebFrontend.Approvals;
using OpenClaw.WebFrontend.Browser;
using OpenClaw.WebFrontend.Commands;
using OpenClaw.WebFrontend.Dashboard;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Health;
using OpenClaw.WebFrontend.Http;
using OpenClaw.WebFrontend.Logins;
using OpenClaw.WebFrontend.Memory;
using OpenClaw.WebFrontend.OpenApi;
using OpenClaw.WebFrontend.Sessions;
using OpenClaw.WebFrontend.Skills;
using OpenClaw.WebFrontend.Sockets;
using OpenClaw.WebFrontend.Tasks;
using OpenClaw.WebFrontend.Tenants;
using OpenClaw.WebFrontend.Webhooks;
using OpenClaw.WebFrontend.Workspaces;

namespace OpenClaw.WebFrontend;

/// <summary>Puts the front-end into a host. It needs an <see cref="IGrainFactory"/> and an <see cref="ISessionFeed"/> there.</summary>
internal static class FrontendHosting
{
    private const string DefaultUrl = "http://localhost:3000";

    public static WebApplicationBuilder AddOpenClawFrontend(this WebApplicationBuilder builder)
    {
        if (string.IsNullOrEmpty(builder.Configuration[WebHostDefaults.ServerUrlsKey]))
            builder.WebHost.UseUrls(DefaultUrl);

        var services = builder.Services;
        services.AddOptions<FrontendOptions>().BindConfiguration(FrontendOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<FrontendOptions>, FrontendOptionsValidator>();
        services.AddOptions<CorsSettings>().BindConfiguration(CorsSettings.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<CorsSettings>, CorsSettingsValidator>();
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ApiKeyAuthenticator>();
        services.AddSingleton<Callers>();
        services.AddSingleton<Admissions>();
        services.AddSingleton<FrontendServices>();
        services.AddSingleton<FrontendDrain>();
        services.AddHostedService(provider => provider.GetRequiredService<FrontendDrain>());
        services.AddSessionFeed();
        services.AddSockets();
        services.AddSingleton<Readiness>();
        services.AddCors();
        services.ConfigureOptions<KestrelLimits>();
        services.AddHostedService<UnreadableRequests>();
        builder.AddOpenClawTracing();
        MetricsApi.Start();
        return builder;
    }

    public static WebApplication MapOpenClaw(this WebApplication app)
    {
        app.UseMiddleware<ErrorBoundary>();
        app.UseConfiguredCors();
        app.UseRouting();
        app.UseMiddleware<StartGate>();
        app.UseMiddleware<Authentication>();
        app.MapSessionsApi();
        app.MapApprovalsApi();
        app.MapMessagesApi();
        app.MapFilesApi();
        app.MapMemoryApi();
        app.MapSkillsApi();
        app.MapWebhooksApi();
        app.MapTasksApi();
        app.MapCommandsApi();
        app.MapBrowserApi();
        app.MapSocketApi();
        app.MapLoginApi();
        app.MapAdminApi();
        app.MapAdminSessionsApi();
        app.MapUsageApi();
        app.MapDashboardApi();
        app.MapHealthApi();
        app.MapMetricsApi(ServerRoles.Of(app.Configuration), app.Services.GetService<ILocalSiloDetails>()?.Name);
        app.MapDocsApi();
        app.MapEventsPage();
        return app;
    }
}
