using CsCheck;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tenants;

namespace OpenClaw.Grains.Tests.Tenants;

public sealed class BudgetLedgerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly TenantBudget Hundred = new(100, null);

    private readonly BudgetLedger _ledger = new();

    [Fact]
    public void What_is_reserved_cannot_be_reserved_again()
    {
        Assert.Null(Reserve("a", 60));
        Assert.Equal(429, Reserve("b", 41)!.Status);
        Assert.Null(Reserve("b", 40));
    }

    [Fact]
    public void What_a_call_did_not_use_is_free_when_it_is_settled()
    {
        Reserve("a", 100);
        Assert.True(_ledger.Settle("a", new BudgetAmount(30, 0)));
        Assert.NotNull(Reserve("b", 71));
        Assert.Null(Reserve("b", 70));
    }

    [Fact]
    public void A_call_that_reserves_again_replaces_its_reservation()
    {
        Reserve("a", 100);
        Assert.Null(Reserve("a", 100));
        Assert.Equal(100, _ledger.Reserved.Tokens);
    }

    [Fact]
    public void A_reservation_that_nobody_settles_lapses()
    {
        Reserve("a", 100);
        Assert.NotNull(_ledger.Reserve(Of("b", 1), Hundred, Now.AddMinutes(10).AddTicks(-1)));
        Assert.Null(_ledger.Reserve(Of("b", 1), Hundred, Now.AddMinutes(10)));
        Assert.False(_ledger.Settle("a", default));
    }

    [Fact]
    public void A_refusal_says_when_the_month_ends()
    {
        _ledger.Load(new BudgetAmount(100, 0));
        var problem = _ledger.Check(Hundred, Now)!;
        Assert.Equal((429, ((28 * 24) + 15) * 3600), (problem.Status, problem.RetryAfterSeconds));
        Assert.Null(_ledger.Check(Hundred with { Tokens = 101 }, Now));
    }

    [Fact]
    public void Cost_is_a_budget_of_its_own()
    {
        _ledger.Load(new BudgetAmount(1_000_000, 0.75m));
        var budget = new TenantBudget(null, 1m);
        Assert.Null(_ledger.Check(budget, Now));
        Assert.Contains("monthlyCost", _ledger.Reserve(Of("a", 1, 0.26m), budget, Now)!.Reason!.English, StringComparison.Ordinal);
        Assert.Null(_ledger.Reserve(Of("a", 1, 0.25m), budget, Now));
    }

    [Fact]
    public void Calls_that_keep_to_their_reservations_never_spend_more_than_the_budget() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 40], Gen.Bool).Array[1, 80].Sample(
            deeds =>
            {
                var ledger = new BudgetLedger();
                var open = new Dictionary<string, int>();
                var spent = 0;
                foreach (var (number, amount, settles) in deeds)
                {
                    var call = $"call-{number}";
                    if (!settles)
                    {
                        open.Remove(call);
                        if (ledger.Reserve(Of(call, amount), Hundred, Now) is null) open[call] = amount;
                    }
                    else if (open.Remove(call, out var reserved))
                    {
                        var used = Math.Min(amount, reserved);
                        spent += used;
                        ledger.Settle(call, new BudgetAmount(used, 0));
                    }

                    if (spent + open.Values.Sum() > 100) return false;
                }

                return true;
            },
            iter: 5_000);

    private Problem? Reserve(string call, long tokens) => _ledger.Reserve(Of(call, tokens), Hundred, Now);

    private static BudgetReservation Of(string call, long tokens, decimal cost = 0) =>
        new(call, new BudgetAmount(tokens, cost), TimeSpan.FromMinutes(10));
}
