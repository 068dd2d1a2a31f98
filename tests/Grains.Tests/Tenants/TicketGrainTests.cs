using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tests.Cluster;

namespace OpenClaw.Grains.Tests.Tenants;

[Collection(ClusterCollection.Name)]
public sealed class TicketGrainTests(ClusterFixture cluster)
{
    private readonly TestSilo _silo = cluster.Silo;
    private readonly string _keyHash = ApiKeySecret.Hash(ApiKeySecret.Generate());
    private readonly string _ticket = ApiKeySecret.Hash(Guid.NewGuid().ToString("n"));

    private ITicketGrain Ticket => _silo.Grains.GetGrain<ITicketGrain>(new TicketKey(_ticket).ToString());

    [Fact]
    public async Task A_ticket_is_worth_something_once()
    {
        await Ticket.Issue(_keyHash, _silo.Time.GetUtcNow().AddMinutes(1), TenantTest.Token);
        Assert.Equal(_keyHash, await Ticket.Redeem(TenantTest.Token));
        Assert.Null(await Ticket.Redeem(TenantTest.Token));
    }

    [Fact]
    public async Task A_ticket_is_worth_nothing_when_its_time_is_over()
    {
        await Ticket.Issue(_keyHash, _silo.Time.GetUtcNow().AddMinutes(1), TenantTest.Token);
        _silo.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(await Ticket.Redeem(TenantTest.Token));
    }

    [Fact]
    public async Task A_made_up_ticket_keeps_no_activation()
    {
        Assert.Null(await Ticket.Redeem(TenantTest.Token));
        await _silo.DeactivatedAsync(Ticket);
    }
}
