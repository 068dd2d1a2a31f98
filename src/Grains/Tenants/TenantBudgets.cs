using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage;

namespace OpenClaw.Grains.Tenants;

/// <summary>Monthly budgets as turns meet them. A tenant without one costs a look at its limits, and no call of a grain.</summary>
internal sealed partial class TenantBudgets(
    TenantLimitsCache limits, IGrainFactory grains, TimeProvider time, ILogger<TenantBudgets> logger)
{
    /// <summary>Tries before the call is refused because the budget's grain cannot be reached; its silo may just have died.</summary>
    private const int Attempts = 6;

    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    public async ValueTask<TenantBudget> GetAsync(TenantId tenant) => TenantBudget.Of(await limits.GetAsync(tenant));

    /// <summary>Why a message is refused: the budget is spent. A budget that cannot be read refuses none; the turn's calls ask again.</summary>
    public async ValueTask<Problem?> CheckAsync(TenantId tenant)
    {
        var budget = await GetAsync(tenant);
        if (budget.IsUnlimited) return null;
        try
        {
            return await grains.GetBudget(new BudgetKey(tenant)).Check(budget);
        }
        catch (Exception exception)
        {
            LogUnreachable(exception);
            return null;
        }
    }

    /// <summary>Reserves for a call, or tells why it must not be made.</summary>
    /// <exception cref="StorageUnavailableException">What was spent cannot be read.</exception>
    public async ValueTask<Problem?> ReserveAsync(TenantId tenant, BudgetReservation reservation, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var budget = await GetAsync(tenant);
            if (budget.IsUnlimited) return null;
            try
            {
                return await grains.GetBudget(new BudgetKey(tenant)).Reserve(reservation, budget);
            }
            catch (Exception exception) when (exception is not StorageUnavailableException)
            {
                LogUnreachable(exception);
                if (attempt == Attempts) return Problem.Internal(503, Reasons.BudgetUnknown, (int)RetryDelay.TotalSeconds);
            }

            await Task.Delay(RetryDelay, time, cancellationToken);
        }
    }

    /// <summary>The call's usage is durable. A reservation that cannot be settled lapses by itself.</summary>
    public async Task SettleAsync(TenantId tenant, string call, BudgetAmount used)
    {
        try
        {
            if (!(await GetAsync(tenant)).IsUnlimited) await grains.GetBudget(new BudgetKey(tenant)).Settle(call, used);
        }
        catch (Exception exception)
        {
            LogUnreachable(exception);
        }
    }

    [LoggerMessage(4002, LogLevel.Warning, "A tenant's budget could not be reached")]
    private partial void LogUnreachable(Exception exception);
}
