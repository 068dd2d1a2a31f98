using Microsoft.Extensions.Options;
using OpenClaw.WebFrontend.Events;

namespace OpenClaw.WebFrontend.Sockets;

/// <summary>Registers what WebSockets need.</summary>
internal static class SocketHosting
{
    public static IServiceCollection AddSockets(this IServiceCollection services)
    {
        services.AddOptions<SocketOptions>().BindConfiguration(SocketOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SocketOptions>, SocketOptionsValidator>();
        services.AddTenantFeed();
        services.AddSingleton<OpenSockets>();
        services.AddSingleton<SocketServices>();
        return services;
    }
}
