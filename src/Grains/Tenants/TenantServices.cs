using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Models;

namespace OpenClaw.Grains.Tenants;

/// <summary>Registration of tenancy and idempotency in a silo.</summary>
public static class TenantServices
{
    /// <summary>
    /// Adds limits, the first start and the check of every grain call's tenant. The silo also needs a grain storage named
    /// <see cref="State.StateStorage.Provider"/>, the stores of <c>OpenClaw.Storage</c> and the models' gateway.
    /// </summary>
    public static IServiceCollection AddOpenClawTenants(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<LimitOptions>().Bind(configuration.GetSection(LimitOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<LimitOptions>, LimitOptionsValidator>();
        services.AddOptions<BootstrapOptions>().Bind(configuration.GetSection(BootstrapOptions.Section)).ValidateOnStart();
        services.AddSingleton<IValidateOptions<BootstrapOptions>, BootstrapOptionsValidator>();

        services.TryAddSingleton<TenantLimitsCache>();
        services.TryAddSingleton<TenantBudgets>();
        services.TryAddSingleton<ModelPrices>();
        services.AddSingleton<IIncomingGrainCallFilter, TenantCallFilter>();
        services.AddSingleton<AdminKeyFile>();
        services.TryAddKeyedSingleton(TenantBootstrap.Console, Console.Out);
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, TenantBootstrap>();
        return services;
    }
}
