using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Tasks;
using OpenClaw.Grains.Tenants.Removal;
using OpenClaw.Storage.Idempotency;
using OpenClaw.Storage.Tenants;

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
        services.TryAddSingleton<TaskOwners>();
        services.TryAddSingleton<TenantBudgets>();
        services.TryAddSingleton<ModelPrices>();
        services.AddSingleton<IIncomingGrainCallFilter, TenantCallFilter>();
        AddTenantRemoval(services);
        services.AddSingleton<AdminKeyFile>();
        services.TryAddKeyedSingleton(TenantBootstrap.Console, Console.Out);
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, TenantBootstrap>();
        return services;
    }

    /// <summary>
    /// What goes with a deleted tenant: each kind of tenant data has its line here, or an
    /// <see cref="ITenantDataOwner"/> registered by its own feature.
    /// </summary>
    private static void AddTenantRemoval(IServiceCollection services)
    {
        services.AddSingleton<ITenantDataOwner, TenantSessions>();
        services.AddSingleton<ITenantDataOwner, TenantApiKeys>();
        services.AddSingleton<ITenantDataOwner>(provider => new TenantRows(provider.GetRequiredService<ITenantIndex>().RemoveSomeUsageAsync));
        services.AddSingleton<ITenantDataOwner>(provider => new TenantRows(provider.GetRequiredService<IIdempotencyStore>().RemoveSomeAsync));
        services.AddSingleton<TenantSweep>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, TenantRemovalWatch>();
    }
}
