using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.WebFrontend.Streams;

namespace OpenClaw.WebFrontend.Sessions;

/// <summary>Registers what connections read sessions through. The client must have the session streams.</summary>
internal static class SessionFeedServices
{
    public static IServiceCollection AddSessionFeed(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IStreamSource<SessionKey, FrameBatch>, SessionStreamSource>();
        services.AddSingleton<StreamHub<SessionKey, FrameBatch>>();
        services.AddSingleton<ISessionFeed, SessionFeed>();
        return services;
    }
}
