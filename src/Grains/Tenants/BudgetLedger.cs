using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Tenants;

/// <summary>What is spent and what is reserved of a month's budget.</summary>
internal sealed class BudgetLedger
{
    private readonly Dictionary<string, (BudgetAmount Amount, DateTimeOffset LapsesAt)> _reservations = new(StringComparer.Ordinal);
    private BudgetAmount _spent;

    /// <summary>All that calls under way may still use.</summary>
    public BudgetAmount Reserved => _reservations.Values.Aggregate(default(BudgetAmount), (sum, entry) => sum + entry.Amount);

    /// <summary>What the durable usage says. Calls that are settled later are added to it.</summary>
    public void Load(BudgetAmount spent) => _spent = spent;

    public Problem? Reserve(BudgetReservation reservation, TenantBudget budget, DateTimeOffset now)
    {
        foreach (var (call, entry) in _reservations)
        {
            if (entry.LapsesAt <= now || call == reservation.Call) _reservations.Remove(call);
        }

        var then = _spent + Reserved + reservation.Amount;
        if (then.Tokens > budget.Tokens) return Refuse(Reasons.TokensSpent, now);
        if (then.Cost > budget.Cost) return Refuse(Reasons.CostSpent, now);
        _reservations[reservation.Call] = (reservation.Amount, now + reservation.Lifetime);
        return null;
    }

    /// <summary>False when the call is not known: what was spent has to be read anew.</summary>
    public bool Settle(string call, BudgetAmount used)
    {
        if (!_reservations.Remove(call)) return false;
        _spent += used;
        return true;
    }

    public Problem? Check(TenantBudget budget, DateTimeOffset now) =>
        _spent.Tokens >= budget.Tokens ? Refuse(Reasons.TokensSpent, now)
        : _spent.Cost >= budget.Cost ? Refuse(Reasons.CostSpent, now)
        : null;

    /// <summary>The first day of the month.</summary>
    public static DateOnly MonthOf(DateTimeOffset now) => new(now.UtcDateTime.Year, now.UtcDateTime.Month, 1);

    private static Problem Refuse(LocalizedText reason, DateTimeOffset now)
    {
        var renewal = MonthOf(now).AddMonths(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc);
        return Problem.RateLimited(reason, (int)Math.Ceiling((renewal - now.UtcDateTime).TotalSeconds));
    }
}
