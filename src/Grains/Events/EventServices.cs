using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Tenants.Removal;
using OpenClaw.Storage.Events;

namespace OpenClaw.Grains.Events;

/// <summary>Registration of tenants' events in a silo.</summary>
public static class EventServices
{
    /// <summary>The silo also needs <see cref="IEventLog"/> and the streams of sessions.</summary>
    public static IServiceCollection AddOpenClawEvents(this IServiceCollection services)
    {
        services.AddSingleton<EventBell>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, EventWatch>();
        services.AddSingleton<ITenantDataOwner>(provider => new TenantRows(provider.GetRequiredService<IEventLog>().RemoveSomeAsync));
        return services;
    }
}
