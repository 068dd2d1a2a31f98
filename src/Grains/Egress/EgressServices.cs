using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OpenClaw.Grains.Egress;

/// <summary>Registration of the one egress policy and of HTTP through it.</summary>
public static class EgressServices
{
    public static IServiceCollection AddOpenClawEgress(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<EgressOptions>(configuration.GetSection(EgressOptions.Section));
        services.TryAddSingleton<INetwork, MachineNetwork>();
        services.TryAddSingleton<EgressPolicy>();
        services.TryAddSingleton<EgressHttp>();
        return services;
    }
}
