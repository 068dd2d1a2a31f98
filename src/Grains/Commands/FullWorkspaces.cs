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

    /// <summary>Whether it is full by what was measured just now.</summary>
    public bool Note(TenantId tenant, WorkspaceUsage usage, TenantLimits limits)
    {
        var isFull = usage.Bytes > limits.StorageBytes;
        if (isFull) _full[tenant] = true;
        else _full.TryRemove(tenant, out _);
        return isFull;
    }

    /// <summary>Measures again where it was full: most commands need not wait for that.</summary>
    public async ValueTask<bool> IsFullAsync(TenantId tenant, WorkspaceTree tree, TenantLimits limits) =>
        _full.ContainsKey(tenant) && Note(tenant, await Task.Run(tree.Measure), limits);
}
