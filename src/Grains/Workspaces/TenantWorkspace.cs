using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tenants.Removal;
using OpenClaw.Storage.Workspaces;

namespace OpenClaw.Grains.Workspaces;

/// <summary>A deleted tenant's files.</summary>
internal sealed class TenantWorkspace(WorkspaceStore store) : ITenantDataOwner
{
    public Task<bool> RemoveSomeAsync(TenantId tenant, CancellationToken cancellationToken) =>
        Task.Run(() => store.RemoveSome(tenant), cancellationToken);
}
