using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Approvals;
using OpenClaw.Grains.Sessions.Context;
using OpenClaw.Grains.Sessions.Turns;

namespace OpenClaw.Grains.Sessions;

public static class SessionServiceCollectionExtensions
{
    /// <summary>Registers what session grains need beside storage, models, tools and tenants.</summary>
    public static IServiceCollection AddOpenClawSessions(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SessionOptions>()
            .Bind(configuration.GetSection(SessionOptions.Section))
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton<HistoryCache>();
        services.AddSingleton<SessionShutdown>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SessionShutdown>());
        services.AddSingleton<TurnSlots>();
        services.AddSingleton<SessionAttachments>();
        services.AddSingleton<SessionMemories>();
        services.AddSingleton<ToolOutputs>();
        services.AddSingleton<TenantToolPolicies>();
        services.AddSingleton<TurnFollower>();
        services.AddSingleton<SessionServices>();
        return services;
    }

    /// <summary>
    /// Registers the watchdog. A hosted service of its own call, because it has to start after the silo: hosted services
    /// start in the order of their registration.
    /// </summary>
    public static IServiceCollection AddSessionWatchdog(this IServiceCollection services) =>
        services.AddHostedService<SessionWatchdog>();
}
