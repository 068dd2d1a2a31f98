namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>Tokens and what they cost.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.BudgetAmount")]
public readonly record struct BudgetAmount([property: Id(0)] long Tokens, [property: Id(1)] decimal Cost)
{
    public static BudgetAmount operator +(BudgetAmount left, BudgetAmount right) => left.Add(right);

    public static BudgetAmount operator -(BudgetAmount left, BudgetAmount right) => left.Subtract(right);

    public BudgetAmount Add(BudgetAmount other) => new(Tokens + other.Tokens, Cost + other.Cost);

    public BudgetAmount Subtract(BudgetAmount other) => new(Tokens - other.Tokens, Cost - other.Cost);
}
