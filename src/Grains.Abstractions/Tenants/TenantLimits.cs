using OpenClaw.Grains.Abstractions.Approvals;

namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>A tenant's limits. All but the monthly ones are at least 1.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TenantLimits")]
public sealed record TenantLimits
{
    /// <summary>Messages in a sliding minute, 1 to 10,000,000.</summary>
    [Id(0)] public required int MessagesPerMinute { get; init; }

    /// <summary>Skill executions in a sliding minute, 1 to 10,000,000.</summary>
    [Id(1)] public required int SkillsPerMinute { get; init; }

    /// <summary>File operations in a sliding minute, 1 to 10,000,000.</summary>
    [Id(2)] public required int FilesPerMinute { get; init; }

    /// <summary>Bytes in the workspace.</summary>
    [Id(3)] public required long StorageBytes { get; init; }

    /// <summary>Turns that run at once.</summary>
    [Id(4)] public required int ConcurrentTurns { get; init; }

    /// <summary>Commands that run at once.</summary>
    [Id(5)] public required int ConcurrentCommands { get; init; }

    /// <summary>Tokens in a calendar month (UTC), or null for no limit.</summary>
    [Id(6)] public long? MonthlyTokens { get; init; }

    /// <summary>Cost in a calendar month (UTC), in the currency of the configured prices, or null for no limit.</summary>
    [Id(7)] public decimal? MonthlyCost { get; init; }

    /// <summary>What the tools of its conversations may do; null: everything. Set by <see cref="ITenantGrain.SetToolPolicy"/> alone.</summary>
    [Id(8)] public ToolPolicy? ToolPolicy { get; init; }
}
