using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>
/// A tenant's budget of the calendar month (UTC), the one place in the cluster that reserves of it. Key: <see cref="BudgetKey"/>.
/// Reservations are in memory; what was spent is read from the usage that the turns' own transactions write.
/// </summary>
[Alias("OpenClaw.IBudgetGrain")]
public interface IBudgetGrain : IGrainWithStringKey
{
    /// <summary>Reserves what a call may use at most; a problem (<c>RATE_LIMITED</c>) when it does not fit.</summary>
    /// <remarks>A call that reserves again replaces its reservation. One that is never settled lapses after its lifetime.</remarks>
    [Alias("Reserve")]
    Task<Problem?> Reserve(BudgetReservation reservation, TenantBudget budget);

    /// <summary>The call's usage is durable: its reservation is over.</summary>
    [Alias("Settle")]
    Task Settle(string call, BudgetAmount used);

    /// <summary>A problem (<c>RATE_LIMITED</c>) when the budget is spent; nothing is reserved.</summary>
    [Alias("Check")]
    Task<Problem?> Check(TenantBudget budget);
}
