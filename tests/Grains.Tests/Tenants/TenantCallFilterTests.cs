using System.Text;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tenants;
using OpenClaw.Grains.Tests.Cluster;

namespace OpenClaw.Grains.Tests.Tenants;

[Collection(ClusterCollection.Name)]
public sealed class TenantCallFilterTests(ClusterFixture cluster)
{
    private readonly TestSilo _silo = cluster.Silo;

    [Theory]
    [InlineData("acme/", true)]
    [InlineData("acme/f", true)]
    [InlineData("acme/s/sess-1", true)]
    [InlineData("mine/s/sess-1", false)]
    [InlineData("mine/", false)]
    [InlineData("mine-2/s/sess-1", true)]
    [InlineData("min/s/sess-1", true)]
    [InlineData("key/0123456789abcdef", false)]
    [InlineData("frames/session/acme/s/sess-1", false)]
    [InlineData("frames/0", false)]
    [InlineData("no-slash", false)]
    [InlineData("/s/sess-1", false)]
    [InlineData("", false)]
    public void A_key_is_foreign_when_it_names_another_tenant(string key, bool foreign) =>
        Assert.Equal(foreign, TenantOwnership.IsForeign(Encoding.UTF8.GetBytes(key), "mine"));

    [Fact]
    public async Task A_call_to_another_tenants_grain_is_refused()
    {
        var mine = await _silo.CreateTenantAsync();
        var other = await _silo.CreateTenantAsync();
        TenantContext.Set(mine);

        await Assert.ThrowsAsync<TenantMismatchException>(() => _silo.Tenant(other).Get(TenantTest.Token));
        await Assert.ThrowsAsync<TenantMismatchException>(() => _silo.RateLimit(other, RateLimitClass.Messages).Acquire());
        Assert.NotNull(await _silo.Tenant(mine).Get(TenantTest.Token));
    }

    [Fact]
    public async Task A_call_without_a_tenant_passes()
    {
        var tenant = await _silo.CreateTenantAsync();
        TenantContext.Set(TenantId.Default);
        TenantContext.Clear();

        Assert.NotNull(await _silo.Tenant(tenant).Get(TenantTest.Token));
    }

    [Fact]
    public async Task A_key_is_looked_up_whoever_asks()
    {
        var tenant = await _silo.CreateTenantAsync();
        var secret = await _silo.CreateKeyAsync(tenant);
        TenantContext.Set(TenantId.Default);

        Assert.NotNull(await _silo.ApiKey(secret).Authenticate(TenantTest.Token));
    }

    [Fact]
    public async Task The_operator_lists_all_tenants_in_his_own_name()
    {
        var tenant = await _silo.CreateTenantAsync();
        TenantContext.Set(TenantId.Default);

        var page = await _silo.Directory(TenantId.Default).ListTenants(200, null, TenantTest.Token);

        Assert.Contains(page.Tenants, listed => listed.TenantId == tenant.Value);
    }
}
