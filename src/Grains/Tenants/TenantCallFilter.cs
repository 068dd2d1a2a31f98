using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tenants;

/// <summary>
/// Refuses calls to another tenant's grains. The second lock: front-ends build keys from the caller's own tenant, and this
/// holds when one of them forgets.
/// </summary>
/// <remarks>A call without a tenant (timers, reminders, streams, an operator's) passes.</remarks>
internal sealed class TenantCallFilter : IIncomingGrainCallFilter
{
    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (TenantContext.Current is { } tenant)
        {
            var target = context.TargetId;
            if (TenantOwnership.IsForeign(target.Key.AsSpan(), tenant) && !target.Type.IsSystemTarget() && !target.Type.IsClient())
                return Task.FromException(new TenantMismatchException());
        }

        return context.Invoke();
    }
}
