using System.Collections.Concurrent;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Workspaces;

namespace OpenClaw.Grains.Commands;

/// <summary>
/// Tenants whose workspace was over its limit when it was last measured in this silo. Their commands may remove, and write no file,
/// until a measure finds room again: else one after the other could write as much as it does before it is seen.
/// </summary>
internal sealed class FullWorkspaces
{
    private readonly ConcurrentDictionary<TenantId, bool> _full = new();

    public void Note(TenantId tenant, bool isFull)
    {
        if (isFull) _full[tenant] = true;
        else _full.TryRemove(tenant, out _);
    }

    /// <summary>Measures again where it was full: most commands need not wait for that.</summary>
    public async ValueTask<bool> IsFullAsync(TenantId tenant, WorkspaceTree tree, TenantLimits limits)
    {
        if (!_full.ContainsKey(tenant)) return false;
        var isFull = (await Task.Run(tree.Measure)).Bytes > limits.StorageBytes;
        Note(tenant, isFull);
        return isFull;
    }
}
