using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Grains.Tenants;

/// <inheritdoc cref="IBudgetGrain"/>
/// <remarks>
/// A call is settled after its usage is durable, and calls of the grain follow one another: between a reading and the next,
/// what is settled is added, and a reading never misses what was settled before it.
/// </remarks>
[GrainType("budget")]
internal sealed class BudgetGrain(ITenantIndex index, TimeProvider time) : Grain, IBudgetGrain
{
    /// <summary>Usage is also written without a reservation (calls that a crash cut, before the tenant had a budget).</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private readonly BudgetLedger _ledger = new();
    private DateOnly _month;
    private long? _readAt;

    public async Task<Problem?> Reserve(BudgetReservation reservation, TenantBudget budget)
    {
        await ReadAsync();
        return _ledger.Reserve(reservation, budget, time.GetUtcNow());
    }

    public Task Settle(string call, BudgetAmount used)
    {
        if (!_ledger.Settle(call, used)) _readAt = null;
        return Task.CompletedTask;
    }

    public async Task<Problem?> Check(TenantBudget budget)
    {
        await ReadAsync();
        return _ledger.Check(budget, time.GetUtcNow());
    }

    private async Task ReadAsync()
    {
        var month = BudgetLedger.MonthOf(time.GetUtcNow());
        if (month == _month && _readAt is { } at && time.GetElapsedTime(at) < MaxAge) return;
        var asked = time.GetTimestamp();
        var tenant = BudgetKey.Parse(this.GetPrimaryKeyString()).Tenant;
        var usage = await index.ListUsageAsync(tenant, month, month.AddMonths(1).AddDays(-1), CancellationToken.None);
        _ledger.Load(usage.Aggregate(
            default(BudgetAmount), (sum, row) => sum + new BudgetAmount(row.InputTokens + row.OutputTokens, row.Cost ?? 0)));
        (_month, _readAt) = (month, asked);
    }
}
