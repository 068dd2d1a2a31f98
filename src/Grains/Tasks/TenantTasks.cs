using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tenants.Removal;
using OpenClaw.Storage.Tasks;

namespace OpenClaw.Grains.Tasks;

/// <summary>Tasks: through their grains, which end what runs; then what runs have left.</summary>
internal sealed class TenantTasks(ITaskStore store, IGrainFactory grains) : ITenantDataOwner
{
    private const int AtOnce = 32;

    public async Task<bool> RemoveSomeAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var tasks = await store.ListAsync(tenant, DateTimeOffset.MaxValue, "", AtOnce, cancellationToken);
        if (tasks.Count == 0) return await store.RemoveSomeRunsAsync(tenant, cancellationToken);
        await Task.WhenAll(tasks.Select(task => grains.GetScheduledTask(task.Key).Delete(cancellationToken)));
        return true;
    }
}
