using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tests.Cluster;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Grains.Tests.Tenants;

[Collection(ClusterCollection.Name)]
public sealed class BudgetGrainTests(ClusterFixture cluster)
{
    private static readonly TenantBudget Budget = new(1000, null);

    private readonly TestSilo _silo = cluster.Silo;

    [Fact]
    public async Task What_is_durable_counts_however_it_came_there()
    {
        var (tenant, budget) = await NewAsync();
        Assert.Null(await budget.Check(Budget));

        await UseAsync(tenant, 900);
        _silo.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.NotNull(await budget.Reserve(Call("a", 101), Budget));
        Assert.Null(await budget.Reserve(Call("a", 100), Budget));
    }

    [Fact]
    public async Task A_settled_call_counts_once_before_and_after_it_is_read_back()
    {
        var (tenant, budget) = await NewAsync();
        Assert.Null(await budget.Reserve(Call("a", 1000), Budget));
        await UseAsync(tenant, 600);
        await budget.Settle("a", new BudgetAmount(600, 0));
        Assert.NotNull(await budget.Reserve(Call("b", 401), Budget));

        _silo.Time.Advance(TimeSpan.FromSeconds(2));

        Assert.NotNull(await budget.Reserve(Call("b", 401), Budget));
        Assert.Null(await budget.Reserve(Call("b", 400), Budget));
    }

    [Fact]
    public async Task A_new_activation_knows_what_was_spent()
    {
        var (tenant, budget) = await NewAsync();
        await UseAsync(tenant, 1000);
        await _silo.DeactivateAsync(budget);
        Assert.Equal(429, (await budget.Check(Budget))!.Status);
    }

    [Fact]
    public async Task A_call_that_another_activation_had_granted_counts_as_soon_as_it_is_settled()
    {
        var (tenant, budget) = await NewAsync();
        Assert.Null(await budget.Reserve(Call("a", 1000), Budget));
        await _silo.DeactivateAsync(budget);
        Assert.Null(await budget.Check(Budget));

        await UseAsync(tenant, 600);
        await budget.Settle("a", new BudgetAmount(600, 0));

        Assert.NotNull(await budget.Reserve(Call("b", 401), Budget));
    }

    [Fact]
    public async Task Reservations_at_once_never_exceed_the_budget()
    {
        var (_, budget) = await NewAsync();
        var problems = await Task.WhenAll(Enumerable.Range(0, 50).Select(number => budget.Reserve(Call($"call-{number}", 100), Budget)));
        Assert.Equal(10, problems.Count(problem => problem is null));
    }

    [Fact]
    public async Task A_new_month_is_a_new_budget()
    {
        using var directory = new TestDirectory();
        await using var silo = await TestSilo.StartAsync(
            directory.Path, new SignallingClock(new DateTimeOffset(2026, 11, 30, 23, 59, 0, TimeSpan.Zero)));
        var tenant = await silo.CreateTenantAsync();
        var budget = silo.Grains.GetBudget(new BudgetKey(tenant));
        await UseAsync(silo, tenant, 1000);
        Assert.Equal(60, (await budget.Check(Budget))!.RetryAfterSeconds);

        silo.Time.Advance(TimeSpan.FromMinutes(1));

        Assert.Null(await budget.Check(Budget));
    }

    private async Task<(TenantId Tenant, IBudgetGrain Budget)> NewAsync()
    {
        var tenant = await _silo.CreateTenantAsync();
        return (tenant, _silo.Grains.GetBudget(new BudgetKey(tenant)));
    }

    private static BudgetReservation Call(string name, long tokens) => new(name, new BudgetAmount(tokens, 0), TimeSpan.FromMinutes(1));

    private Task UseAsync(TenantId tenant, long tokens) => UseAsync(_silo, tenant, tokens);

    /// <summary>Writes usage as a turn of the tenant does.</summary>
    private static async Task UseAsync(TestSilo silo, TenantId tenant, long tokens)
    {
        var log = silo.Services.GetRequiredService<ISessionLog>();
        var session = silo.Session(tenant, $"sess-{Guid.NewGuid():n}");
        Assert.True(await log.CreateAsync(session, TenantTest.Token));
        var outcome = await log.AppendAsync(
            new SessionAppend
            {
                Key = session.Key,
                AppendId = Guid.NewGuid(),
                ExpectedEpoch = session.Epoch,
                ExpectedRevision = session.Revision,
                Epoch = session.Epoch + 1,
                Head = 0,
                Reserved = 0,
                RunState = SessionRunState.Idle,
                Usage = new UsageDelta(DateOnly.FromDateTime(silo.Time.GetUtcNow().UtcDateTime), "a-model", 1, tokens - 1, 1),
                At = silo.Time.GetUtcNow(),
            },
            TenantTest.Token);
        Assert.Equal(AppendOutcome.Written, outcome);
    }
}
