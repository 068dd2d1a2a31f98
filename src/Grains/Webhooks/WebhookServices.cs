using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Tenants.Removal;

namespace OpenClaw.Grains.Webhooks;

/// <summary>Registration of webhooks in a silo, which also needs events, egress, secret protection and the models' fair queues.</summary>
public static class WebhookServices
{
    public static IServiceCollection AddOpenClawWebhooks(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<WebhookOptions>().Bind(configuration.GetSection(WebhookOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<WebhookSlots>();
        services.AddSingleton<WebhookSender>();
        services.AddSingleton<DeliveryLoops>();
        services.AddSingleton<ITenantDataOwner, TenantWebhooks>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, WebhookWatch>();
        return services;
    }
}
