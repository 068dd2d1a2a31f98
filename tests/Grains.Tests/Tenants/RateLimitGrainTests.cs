using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tests.Cluster;

namespace OpenClaw.Grains.Tests.Tenants;

[Collection(ClusterCollection.Name)]
public sealed class RateLimitGrainTests(ClusterFixture cluster)
{
    private readonly TestSilo _silo = cluster.Silo;

    [Fact]
    public async Task Of_500_parallel_messages_exactly_100_are_granted()
    {
        var messages = _silo.RateLimit(await _silo.CreateTenantAsync(), RateLimitClass.Messages);

        var decisions = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => Task.Run(messages.Acquire)));

        Assert.Equal(100, decisions.Count(decision => decision.Granted));
        Assert.Equal(100, decisions.Where(decision => decision.Granted).Select(decision => decision.Ticket).Distinct().Count());
        Assert.All(decisions.Where(decision => !decision.Granted), decision => Assert.Equal(0, decision.Remaining));
    }

    [Theory]
    [InlineData(RateLimitClass.Messages, 100)]
    [InlineData(RateLimitClass.Skills, 50)]
    [InlineData(RateLimitClass.Files, 200)]
    public async Task Each_class_has_the_references_limit(RateLimitClass @class, int limit)
    {
        var grain = _silo.RateLimit(await _silo.CreateTenantAsync(), @class);

        var first = await grain.Acquire();

        Assert.Equal((true, limit, limit - 1, 60), (first.Granted, first.Limit, first.Remaining, first.ResetSeconds));
        Assert.Equal(limit - 1, await GrantedOfAsync(grain, limit));
    }

    [Fact]
    public async Task A_full_window_opens_60_seconds_after_its_first_request_and_not_before()
    {
        var messages = _silo.RateLimit(await _silo.CreateTenantAsync(), RateLimitClass.Messages);
        Assert.Equal(60, await GrantedOfAsync(messages, 60));
        _silo.Time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(40, await GrantedOfAsync(messages, 50));

        _silo.Time.Advance(TimeSpan.FromSeconds(30) - TimeSpan.FromTicks(1));
        var refused = await messages.Acquire();
        _silo.Time.Advance(TimeSpan.FromTicks(1));

        Assert.Equal((false, 1), (refused.Granted, refused.ResetSeconds));
        Assert.Equal(60, await GrantedOfAsync(messages, 100));
    }

    [Fact]
    public async Task A_refused_request_is_told_when_the_next_one_fits()
    {
        var skills = _silo.RateLimit(await _silo.CreateTenantAsync(), RateLimitClass.Skills);
        await GrantedOfAsync(skills, 50);
        _silo.Time.Advance(TimeSpan.FromSeconds(12.5));

        Assert.Equal(48, (await skills.Acquire()).ResetSeconds);
    }

    [Fact]
    public async Task A_request_that_is_taken_back_leaves_its_place()
    {
        var skills = _silo.RateLimit(await _silo.CreateTenantAsync(), RateLimitClass.Skills);
        var first = await skills.Acquire();
        await GrantedOfAsync(skills, 49);
        Assert.False((await skills.Acquire()).Granted);

        await skills.Release(first.Ticket);
        await skills.Release(first.Ticket);

        Assert.Equal(1, await GrantedOfAsync(skills, 3));
    }

    [Fact]
    public async Task A_changed_limit_is_in_force_within_a_second()
    {
        var tenant = await _silo.CreateTenantAsync();
        var messages = _silo.RateLimit(tenant, RateLimitClass.Messages);
        Assert.Equal(100, await GrantedOfAsync(messages, 120));

        Assert.True(await _silo.Tenant(tenant).SetLimits(TenantTest.Limits(messages: 130), TenantTest.Token));
        _silo.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(30, await GrantedOfAsync(messages, 50));
        Assert.True(await _silo.Tenant(tenant).SetLimits(TenantTest.Limits(messages: 1), TenantTest.Token));
        _silo.Time.Advance(TimeSpan.FromSeconds(1));
        var refused = await messages.Acquire();
        Assert.Equal((false, 1, 0), (refused.Granted, refused.Limit, refused.Remaining));
    }

    [Fact]
    public async Task Tenants_do_not_share_a_window()
    {
        var one = _silo.RateLimit(await _silo.CreateTenantAsync(), RateLimitClass.Skills);
        var other = _silo.RateLimit(await _silo.CreateTenantAsync(), RateLimitClass.Skills);
        await GrantedOfAsync(one, 60);

        Assert.Equal(50, await GrantedOfAsync(other, 60));
    }

    private static async Task<int> GrantedOfAsync(IRateLimitGrain grain, int requests) =>
        (await Task.WhenAll(Enumerable.Range(0, requests).Select(_ => grain.Acquire()))).Count(decision => decision.Granted);
}
