namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>What a tenant may use in a calendar month (UTC).</summary>
/// <param name="Tokens">Tokens, or null for no limit.</param>
/// <param name="Cost">Cost in the currency of the configured prices, or null for no limit.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.TenantBudget")]
public readonly record struct TenantBudget([property: Id(0)] long? Tokens, [property: Id(1)] decimal? Cost)
{
    public bool IsUnlimited => Tokens is null && Cost is null;

    public static TenantBudget Of(TenantLimits limits) => new(limits.MonthlyTokens, limits.MonthlyCost);
}
