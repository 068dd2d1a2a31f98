using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tests.Cluster;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Grains.Tests.Tenants;

[Collection(ClusterCollection.Name)]
public sealed class ApiKeyGrainTests(ClusterFixture cluster)
{
    private readonly TestSilo _silo = cluster.Silo;

    [Fact]
    public async Task A_key_tells_its_tenant_and_scopes()
    {
        var tenant = await _silo.CreateTenantAsync();
        var secret = ApiKeySecret.Generate();
        var info = _silo.KeyInfo(tenant);

        await _silo.ApiKey(secret).Create(info, TenantTest.Token);
        await _silo.DeactivateAsync(_silo.ApiKey(secret));

        Assert.Equal(info, await _silo.ApiKey(secret).Authenticate(TenantTest.Token));
    }

    [Fact]
    public async Task A_made_up_key_is_refused_and_keeps_no_activation()
    {
        var grain = _silo.ApiKey(ApiKeySecret.Generate());

        Assert.Null(await grain.Authenticate(TenantTest.Token));
        await _silo.DeactivatedAsync(grain);
    }

    [Fact]
    public async Task A_key_works_until_it_expires()
    {
        var tenant = await _silo.CreateTenantAsync();
        var secret = ApiKeySecret.Generate();
        await _silo.ApiKey(secret).Create(_silo.KeyInfo(tenant, _silo.Time.GetUtcNow().AddHours(1)), TenantTest.Token);

        _silo.Time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.NotNull(await _silo.ApiKey(secret).Authenticate(TenantTest.Token));
        _silo.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await _silo.ApiKey(secret).Authenticate(TenantTest.Token));
    }

    [Fact]
    public async Task A_revoked_key_is_refused_for_good()
    {
        var tenant = await _silo.CreateTenantAsync();
        var secret = ApiKeySecret.Generate();
        var info = _silo.KeyInfo(tenant);
        await _silo.ApiKey(secret).Create(info, TenantTest.Token);

        await _silo.ApiKey(secret).Revoke(TenantTest.Token);

        Assert.Null(await _silo.ApiKey(secret).Authenticate(TenantTest.Token));
        await _silo.DeactivatedAsync(_silo.ApiKey(secret));
        Assert.Null(await _silo.ApiKey(secret).Authenticate(TenantTest.Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _silo.ApiKey(secret).Create(info, TenantTest.Token));
        Assert.Null(await _silo.Services.GetRequiredService<ITenantIndex>().FindApiKeyAsync(info.KeyId, TenantTest.Token));
    }

    [Fact]
    public async Task A_creation_that_is_repeated_makes_one_key()
    {
        var tenant = await _silo.CreateTenantAsync();
        var secret = ApiKeySecret.Generate();
        var info = _silo.KeyInfo(tenant);

        await _silo.ApiKey(secret).Create(info, TenantTest.Token);
        await _silo.ApiKey(secret).Create(info, TenantTest.Token);

        var page = await _silo.Directory(TenantId.Default).ListApiKeys(tenant.Value, 10, null, TenantTest.Token);
        Assert.Equal(info, Assert.Single(page.Keys));
    }

    [Fact]
    public async Task A_key_of_a_tenant_that_does_not_exist_opens_nothing()
    {
        var secret = ApiKeySecret.Generate();
        await _silo.ApiKey(secret).Create(_silo.KeyInfo(TenantId.Parse($"t-{Guid.NewGuid():n}")), TenantTest.Token);

        Assert.Null(await _silo.ApiKey(secret).Authenticate(TenantTest.Token));
    }
}
