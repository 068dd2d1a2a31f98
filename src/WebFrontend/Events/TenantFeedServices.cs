using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Streams;

namespace OpenClaw.WebFrontend.Events;

/// <summary>Registers what connections read tenants' events through. The client must have the streams.</summary>
internal static class TenantFeedServices
{
    public static IServiceCollection AddTenantFeed(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<IStreamSource<TenantId, TenantEventBatch>, TenantStreamSource>();
        services.AddSingleton<StreamHub<TenantId, TenantEventBatch>>();
        services.AddSingleton<ITenantFeed, TenantFeed>();
        return services;
    }
}
