using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.State;
using OpenClaw.Grains.Tenants;
using OpenClaw.Grains.Tests.Cluster;
using OpenClaw.Storage.Sessions;
using Orleans.Storage;

namespace OpenClaw.Grains.Tests.Tenants;

[Collection(ClusterCollection.Name)]
public sealed class TenantGrainTests(ClusterFixture cluster)
{
    private readonly TestSilo _silo = cluster.Silo;

    private ISessionLog Log => _silo.Services.GetRequiredService<ISessionLog>();

    [Fact]
    public async Task A_tenant_is_made_once_and_kept()
    {
        var tenant = await _silo.CreateTenantAsync();
        var made = await _silo.Tenant(tenant).Get(TenantTest.Token);

        Assert.False(await _silo.Tenant(tenant).Create(made! with { Name = "Another" }, TenantTest.Token));
        await _silo.DeactivateAsync(_silo.Tenant(tenant));

        Assert.Equal(new TenantInfo(tenant.Value, "A tenant", made.CreatedAt), await _silo.Tenant(tenant).Get(TenantTest.Token));
    }

    [Fact]
    public async Task Limits_are_the_configured_ones_until_they_are_set()
    {
        var tenant = await _silo.CreateTenantAsync();
        Assert.Equal(new LimitOptions().ToLimits(), await _silo.Tenant(tenant).GetLimits(TenantTest.Token));
        var limits = TenantTest.Limits(messages: 7) with { MonthlyTokens = 5, MonthlyCost = 1.25m };

        Assert.True(await _silo.Tenant(tenant).SetLimits(limits, TenantTest.Token));
        await _silo.DeactivateAsync(_silo.Tenant(tenant));

        Assert.Equal(limits, await _silo.Tenant(tenant).GetLimits(TenantTest.Token));
    }

    [Fact]
    public async Task A_limit_outside_its_range_is_refused_and_changes_nothing()
    {
        var tenant = _silo.Tenant(await _silo.CreateTenantAsync());

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => tenant.SetLimits(TenantTest.Limits(messages: 0), TenantTest.Token));

        Assert.Equal(100, (await tenant.GetLimits(TenantTest.Token))!.MessagesPerMinute);
    }

    [Fact]
    public async Task What_is_asked_of_a_tenant_that_does_not_exist_finds_nothing()
    {
        var tenant = _silo.Tenant(TenantId.Parse($"t-{Guid.NewGuid():n}"));

        Assert.Null(await tenant.Get(TenantTest.Token));
        Assert.Null(await tenant.GetLimits(TenantTest.Token));
        Assert.False(await tenant.SetLimits(TenantTest.Limits(), TenantTest.Token));
        Assert.False(await tenant.Delete(TenantTest.Token));
    }

    [Fact]
    public async Task The_tenant_default_stays()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _silo.Tenant(TenantId.Default).Delete(TenantTest.Token));

        Assert.NotNull(await _silo.Tenant(TenantId.Default).Get(TenantTest.Token));
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_shows_with_the_next_call()
    {
        using var directory = new TestDirectory();
        var broken = false;
        await using var silo = await TestSilo.StartAsync(directory.Path, configure: services =>
            services.AddKeyedSingleton(StateStorage.Provider, (provider, _) => Fault<IGrainStorage>.Wrap(
                provider.GetRequiredKeyedService<IGrainStorage>(StateStorage.Database),
                after: method => broken && method == nameof(IGrainStorage.WriteStateAsync))));
        var tenant = silo.Tenant(await silo.CreateTenantAsync());

        broken = true;
        await Assert.ThrowsAsync<OrleansException>(() => tenant.SetLimits(TenantTest.Limits(messages: 7), TenantTest.Token));
        broken = false;
        await silo.DeactivatedAsync(tenant);

        Assert.Equal(7, (await tenant.GetLimits(TenantTest.Token))!.MessagesPerMinute);
        Assert.True(await tenant.SetLimits(TenantTest.Limits(messages: 8), TenantTest.Token));
    }
}
