using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Approvals;

namespace OpenClaw.Grains.Tenants;

/// <summary>
/// A tenant as it is stored. A deleted one leaves its state behind, so that its removal can be finished; when it is, nothing
/// but the times are left.
/// </summary>
internal sealed record TenantState
{
    public string Name { get; init; } = "";

    /// <summary>Null: there has never been such a tenant.</summary>
    public DateTimeOffset? CreatedAt { get; init; }

    /// <summary>Null: the configured defaults.</summary>
    public TenantLimitsState? Limits { get; init; }

    /// <summary>What its conversations' tools may do; null: everything.</summary>
    public ToolRuleState[]? ToolPolicy { get; init; }

    /// <summary>Hash of the key that the tenant was made with at first start, or null.</summary>
    public string? BootstrapKeyHash { get; init; }

    public DateTimeOffset? DeletedAt { get; init; }

    /// <summary>With <see cref="DeletedAt"/>: nothing that the tenant had is left.</summary>
    public bool Swept { get; init; }

    public bool Exists() => CreatedAt is not null && DeletedAt is null;
}

/// <summary>Limits as they are stored; see <see cref="TenantLimits"/>.</summary>
internal sealed record TenantLimitsState
{
    public int MessagesPerMinute { get; init; }

    public int SkillsPerMinute { get; init; }

    public int FilesPerMinute { get; init; }

    public long StorageBytes { get; init; }

    public int ConcurrentTurns { get; init; }

    public int ConcurrentCommands { get; init; }

    public long? MonthlyTokens { get; init; }

    public decimal? MonthlyCost { get; init; }

    public static TenantLimitsState Of(TenantLimits limits) => new()
    {
        MessagesPerMinute = limits.MessagesPerMinute,
        SkillsPerMinute = limits.SkillsPerMinute,
        FilesPerMinute = limits.FilesPerMinute,
        StorageBytes = limits.StorageBytes,
        ConcurrentTurns = limits.ConcurrentTurns,
        ConcurrentCommands = limits.ConcurrentCommands,
        MonthlyTokens = limits.MonthlyTokens,
        MonthlyCost = limits.MonthlyCost,
    };

    public TenantLimits ToLimits() => new()
    {
        MessagesPerMinute = MessagesPerMinute,
        SkillsPerMinute = SkillsPerMinute,
        FilesPerMinute = FilesPerMinute,
        StorageBytes = StorageBytes,
        ConcurrentTurns = ConcurrentTurns,
        ConcurrentCommands = ConcurrentCommands,
        MonthlyTokens = MonthlyTokens,
        MonthlyCost = MonthlyCost,
    };
}
