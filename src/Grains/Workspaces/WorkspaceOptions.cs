using System.ComponentModel.DataAnnotations;

namespace OpenClaw.Grains.Workspaces;

/// <summary>Limits of every workspace, beside the tenant's own <c>storageBytes</c>. Section <c>OpenClaw:Workspaces</c>.</summary>
public sealed class WorkspaceOptions
{
    public const string Section = "OpenClaw:Workspaces";

    /// <summary>Files and directories in a workspace. A higher number makes the first write after a start slower: all are counted then.</summary>
    [Range(10, 10_000_000)]
    public int MaxEntries { get; set; } = 100_000;
}
