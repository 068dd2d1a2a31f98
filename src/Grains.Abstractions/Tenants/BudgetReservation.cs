namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>What a call asks of its tenant's budget.</summary>
/// <param name="Call">Names the call; the same after a crash of its silo, so that the recovered turn can settle it.</param>
/// <param name="Amount">What it may use at most.</param>
/// <param name="Lifetime">After it the reservation lapses.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.BudgetReservation")]
public sealed record BudgetReservation(
    [property: Id(0)] string Call,
    [property: Id(1)] BudgetAmount Amount,
    [property: Id(2)] TimeSpan Lifetime);
