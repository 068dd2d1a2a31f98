using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Scheduling;

namespace OpenClaw.Grains.Webhooks;

/// <summary>Attempts that this silo makes at once, shared between tenants.</summary>
internal sealed class WebhookSlots(FairQueues queues)
{
    public const int Count = 64;

    /// <summary>Receivers that hang hold their slots for seconds: one tenant's never hold all of them.</summary>
    private const int PerTenant = Count / 2;

    private readonly FairQueue _queue = queues.Create("webhooks", Count);

    public Task<FairSlot> AcquireAsync(TenantId tenant, CancellationToken cancellationToken) => _queue.AcquireAsync(tenant, cancellationToken, PerTenant);
}
