using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>Registers what connections read sessions through. The client must have the session streams.</summary>
internal static class SessionFeedServices
{
    public static IServiceCollection AddSessionFeed(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SessionStreamHub>();
        services.AddSingleton<ISessionFeed, SessionFeed>();
        return services;
    }
}
