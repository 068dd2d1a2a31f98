using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tests.Cluster;

namespace OpenClaw.Grains.Tests.Tenants;

[Collection(ClusterCollection.Name)]
public sealed class LoginGrainTests(ClusterFixture cluster)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(12);

    private readonly TestSilo _silo = cluster.Silo;
    private readonly string _cookie = Guid.NewGuid().ToString("n");
    private readonly string _keyHash = ApiKeySecret.Hash(ApiKeySecret.Generate());

    private ILoginGrain Login => _silo.Grains.GetGrain<ILoginGrain>(new LoginKey(ApiKeySecret.Hash(_cookie)).ToString());

    [Fact]
    public async Task A_sign_in_outlives_its_silo()
    {
        await Login.Begin(_keyHash, _silo.Time.GetUtcNow() + Lifetime, TenantTest.Token);
        await _silo.DeactivateAsync(Login);
        Assert.Equal(_keyHash, await Login.Find(TenantTest.Token));
    }

    [Fact]
    public async Task A_sign_in_ends_with_its_time()
    {
        await Login.Begin(_keyHash, _silo.Time.GetUtcNow() + Lifetime, TenantTest.Token);
        _silo.Time.Advance(Lifetime - TimeSpan.FromTicks(1));
        Assert.NotNull(await Login.Find(TenantTest.Token));
        _silo.Time.Advance(TimeSpan.FromTicks(1));
        Assert.Null(await Login.Find(TenantTest.Token));
    }

    [Fact]
    public async Task Whoever_has_signed_out_is_not_found_again()
    {
        await Login.Begin(_keyHash, _silo.Time.GetUtcNow() + Lifetime, TenantTest.Token);
        await Login.End(TenantTest.Token);
        Assert.Null(await Login.Find(TenantTest.Token));
        await _silo.DeactivatedAsync(Login);
        Assert.Null(await Login.Find(TenantTest.Token));
        await Login.End(TenantTest.Token);
    }

    [Fact]
    public async Task What_has_expired_is_removed_by_its_reminder_and_nothing_earlier()
    {
        await Login.Begin(_keyHash, _silo.Time.GetUtcNow() + Lifetime, TenantTest.Token);
        await Login.AsReference<IRemindable>().ReceiveReminder("expiry", default, TenantTest.Token);
        Assert.NotNull(await Login.Find(TenantTest.Token));
        _silo.Time.Advance(Lifetime);
        await Login.AsReference<IRemindable>().ReceiveReminder("expiry", default, TenantTest.Token);
        await _silo.DeactivatedAsync(Login);
        await Login.AsReference<IRemindable>().ReceiveReminder("expiry", default, TenantTest.Token);
        Assert.Null(await Login.Find(TenantTest.Token));
    }

    [Fact]
    public async Task A_made_up_cookie_keeps_no_activation()
    {
        Assert.Null(await Login.Find(TenantTest.Token));
        await _silo.DeactivatedAsync(Login);
    }
}
