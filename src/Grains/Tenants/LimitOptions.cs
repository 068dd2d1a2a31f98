using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tenants;

/// <summary>Limits of a tenant for which none were set. Bound from <c>OpenClaw:Limits</c>.</summary>
public sealed class LimitOptions
{
    public const string Section = "OpenClaw:Limits";

    /// <summary>Messages in a sliding minute, 1 to 10,000,000.</summary>
    public int MessagesPerMinute { get; set; } = 100;

    /// <summary>Skill executions in a sliding minute, 1 to 10,000,000.</summary>
    public int SkillsPerMinute { get; set; } = 50;

    /// <summary>File operations in a sliding minute, 1 to 10,000,000.</summary>
    public int FilesPerMinute { get; set; } = 200;

    /// <summary>Bytes in the workspace, at least 1. 10 GiB unless set.</summary>
    public long StorageBytes { get; set; } = 10L * 1024 * 1024 * 1024;

    /// <summary>Turns that run at once, at least 1.</summary>
    public int ConcurrentTurns { get; set; } = 100;

    /// <summary>Commands that run at once, at least 1.</summary>
    public int ConcurrentCommands { get; set; } = 4;

    /// <summary>The same as a tenant's limits; there is no monthly default.</summary>
    public TenantLimits ToLimits() => new()
    {
        MessagesPerMinute = MessagesPerMinute,
        SkillsPerMinute = SkillsPerMinute,
        FilesPerMinute = FilesPerMinute,
        StorageBytes = StorageBytes,
        ConcurrentTurns = ConcurrentTurns,
        ConcurrentCommands = ConcurrentCommands,
    };
}
