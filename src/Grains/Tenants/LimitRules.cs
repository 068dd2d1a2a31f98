using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tenants;

/// <summary>The ranges of a tenant's limits.</summary>
internal static class LimitRules
{
    public const int MaxPerMinute = 10_000_000;

    /// <summary>The first limit outside its range with what it must be, or null when all are within.</summary>
    public static (string Name, string Range)? FindViolation(TenantLimits limits)
    {
        const string PerMinute = "1 to 10,000,000";
        const string Positive = "at least 1";
        const string NotNegative = "at least 0, or unset";
        return limits switch
        {
            { MessagesPerMinute: < 1 or > MaxPerMinute } => (nameof(limits.MessagesPerMinute), PerMinute),
            { SkillsPerMinute: < 1 or > MaxPerMinute } => (nameof(limits.SkillsPerMinute), PerMinute),
            { FilesPerMinute: < 1 or > MaxPerMinute } => (nameof(limits.FilesPerMinute), PerMinute),
            { StorageBytes: < 1 } => (nameof(limits.StorageBytes), Positive),
            { ConcurrentTurns: < 1 } => (nameof(limits.ConcurrentTurns), Positive),
            { ConcurrentCommands: < 1 } => (nameof(limits.ConcurrentCommands), Positive),
            { MonthlyTokens: < 0 } => (nameof(limits.MonthlyTokens), NotNegative),
            { MonthlyCost: < 0 } => (nameof(limits.MonthlyCost), NotNegative),
            _ => null,
        };
    }
}
