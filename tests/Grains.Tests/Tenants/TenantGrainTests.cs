using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.State;
using OpenClaw.Grains.Tenants;
using OpenClaw.Grains.Tests.Cluster;
using OpenClaw.Storage.Idempotency;
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
    public async Task A_deleted_tenant_leaves_nothing_that_opens_or_shows()
    {
        var tenant = await _silo.CreateTenantAsync();
        var secret = await _silo.CreateKeyAsync(tenant);
        await Log.CreateAsync(_silo.Session(tenant, "sess-1"), TenantTest.Token);
        var answers = _silo.Services.GetRequiredService<IIdempotencyStore>();
        await answers.TryInsertAsync(
            new IdempotencyState { Tenant = tenant.Value, Scope = "POST /", Key = "k", Fingerprint = "f", ExpiresAt = _silo.Time.GetUtcNow().AddDays(1) },
            TenantTest.Token);

        Assert.True(await _silo.Tenant(tenant).Delete(TenantTest.Token));

        Assert.Null(await _silo.ApiKey(secret).Authenticate(TenantTest.Token));
        Assert.Null(await _silo.Tenant(tenant).Get(TenantTest.Token));
        Assert.Null(await _silo.Tenant(tenant).GetLimits(TenantTest.Token));
        Assert.Empty(await Log.ListAsync(tenant, null, 10, TenantTest.Token));
        Assert.Null(await answers.FindAsync(tenant, "POST /", "k", TenantTest.Token));
        var keys = await _silo.Directory(TenantId.Default).ListApiKeys(tenant.Value, 10, null, TenantTest.Token);
        Assert.Empty(keys.Keys);
        Assert.False(await _silo.Tenant(tenant).Delete(TenantTest.Token));
    }

    [Fact]
    public async Task What_was_written_while_front_ends_still_believed_a_key_goes_too()
    {
        var tenant = await _silo.CreateTenantAsync();
        await _silo.Tenant(tenant).Delete(TenantTest.Token);
        await Log.CreateAsync(_silo.Session(tenant, "sess-late"), TenantTest.Token);

        _silo.Time.Advance(TimeSpan.FromSeconds(5));
        // Waits in line behind the sweep that the clock has set off.
        await _silo.Grains.GetGrain<ITenantRecord>(new TenantKey(tenant).ToString()).Confirm(TenantTest.Token);

        Assert.Empty(await Log.ListAsync(tenant, null, 10, TenantTest.Token));
    }

    [Fact]
    public async Task A_tenant_made_anew_under_an_old_id_inherits_nothing()
    {
        var tenant = await _silo.CreateTenantAsync();
        await _silo.Tenant(tenant).SetLimits(TenantTest.Limits(messages: 7), TenantTest.Token);
        await _silo.Tenant(tenant).Delete(TenantTest.Token);
        await Log.CreateAsync(_silo.Session(tenant, "sess-late"), TenantTest.Token);
        var secret = ApiKeySecret.Generate();
        await _silo.ApiKey(secret).Create(_silo.KeyInfo(tenant), TenantTest.Token);

        Assert.True(await _silo.Tenant(tenant).Create(new TenantInfo(tenant.Value, "Anew", _silo.Time.GetUtcNow()), TenantTest.Token));

        Assert.Null(await _silo.ApiKey(secret).Authenticate(TenantTest.Token));
        Assert.Empty(await Log.ListAsync(tenant, null, 10, TenantTest.Token));
        Assert.Equal(100, (await _silo.Tenant(tenant).GetLimits(TenantTest.Token))!.MessagesPerMinute);
        Assert.Equal("Anew", (await _silo.Tenant(tenant).Get(TenantTest.Token))!.Name);
    }

    [Fact]
    public async Task The_tenant_default_stays()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _silo.Tenant(TenantId.Default).Delete(TenantTest.Token));

        Assert.NotNull(await _silo.Tenant(TenantId.Default).Get(TenantTest.Token));
    }

    [Fact]
    public async Task A_deletion_that_was_cut_short_closes_the_doors_and_is_finished_by_the_list()
    {
        using var directory = new TestDirectory();
        var broken = true;
        await using var silo = await TestSilo.StartAsync(directory.Path, configure: services =>
        {
            var log = services.Last(service => service.ServiceType == typeof(ISessionLog));
            services.AddSingleton(provider => Fault<ISessionLog>.Wrap(
                (ISessionLog)ActivatorUtilities.CreateInstance(provider, log.ImplementationType!),
                before: method => broken && method == nameof(ISessionLog.DeleteTenantAsync)));
        });
        var tenant = await silo.CreateTenantAsync();
        var secret = await silo.CreateKeyAsync(tenant);
        var log = silo.Services.GetRequiredService<ISessionLog>();
        await log.CreateAsync(silo.Session(tenant, "sess-1"), TenantTest.Token);

        await Assert.ThrowsAsync<FaultException>(() => silo.Tenant(tenant).Delete(TenantTest.Token));
        await silo.DeactivateAsync(silo.Tenant(tenant));
        Assert.Null(await silo.ApiKey(secret).Authenticate(TenantTest.Token));
        Assert.NotEmpty(await log.ListAsync(tenant, null, 10, TenantTest.Token));

        broken = false;
        var page = await silo.Directory(TenantId.Default).ListTenants(10, null, TenantTest.Token);

        Assert.DoesNotContain(page.Tenants, listed => listed.TenantId == tenant.Value);
        Assert.Empty(await log.ListAsync(tenant, null, 10, TenantTest.Token));
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
