using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Storage.Workspaces;

/// <summary>
/// The workspaces of all tenants: <c>workspaces/&lt;tenant&gt;</c> below the data directory, which silos of a cluster share.
/// In it, <c>files</c> is what the tenant sees; <c>staging</c> and <c>trash</c> are the server's own.
/// </summary>
public sealed class WorkspaceStore(StorageOptions options)
{
    private readonly string _directory = Path.Combine(Path.GetFullPath(options.DataDirectory), "workspaces");
    private bool _isClosed;

    /// <summary>A tenant's files; made at the first operation.</summary>
    public WorkspaceTree Open(TenantId tenant)
    {
        if (!_isClosed)
        {
            // For the server alone: whoever else is on the machine, a tenant's command among them, has no way in.
            Directory.CreateDirectory(_directory);
            TreeAccess.CloseToOthers(_directory);
            _isClosed = true;
        }

        return new WorkspaceTree(Path.Combine(_directory, tenant.Value));
    }

    /// <summary>Removes some of what a tenant has.</summary>
    /// <returns>True while there may be more.</returns>
    public bool RemoveSome(TenantId tenant)
    {
        var path = Path.Combine(_directory, tenant.Value);
        using (var directory = TreeAccess.OpenTrusted(path))
        {
            if (directory is null) return false;
            if (TreePurge.RemoveSome(directory)) return true;
        }

        Directory.Delete(path);
        return false;
    }
}
