using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Grains.Egress;
using OpenClaw.Grains.Tests.Cluster;
using OpenClaw.Grains.Tests.Hosting;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Webhooks;
using OpenClaw.Testing;

namespace OpenClaw.Grains.Tests.Webhooks;

/// <summary>A silo under the test's clock, and a receiver on loopback.</summary>
public abstract class WebhookGrainTest : IAsyncLifetime
{
    protected const string Secret = "your-webhook-secret";

    private WebhookReceiver? _receiver;
    private SiloHost? _silo;

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected SignallingClock Time { get; } = new(new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));

    /// <summary>Private addresses may be reached unless a test says otherwise.</summary>
    protected virtual bool IsOpen => true;

    internal WebhookReceiver Receiver => _receiver!;

    internal SiloHost Silo => _silo!;

    internal IWebhookStore Store => Silo.Services.GetRequiredService<IWebhookStore>();

    internal IEventLog Events => Silo.Services.GetRequiredService<IEventLog>();

    public virtual async ValueTask InitializeAsync()
    {
        _receiver = await WebhookReceiver.StartAsync();
        _silo = await StartSiloAsync();
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync();
        if (_receiver is not null) await _receiver.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal virtual INetwork? Network => null;

    internal Task<SiloHost> StartSiloAsync(SiloHostSettings? settings = null) => SiloHost.StartAsync(
        (settings ?? new SiloHostSettings()) with
        {
            Time = Time,
            Configure = services =>
            {
                if (Network is { } network) services.AddSingleton(network);
            },
        },
        ("OpenClaw:Egress:AllowPrivateNetworks", IsOpen ? "true" : "false"));

    internal static WebhookKey NewKey(TenantId? tenant = null) => WebhookKey.New(tenant ?? TenantId.Default);

    internal async Task<IWebhookGrain> CreateAsync(string eventType = CreateWebhook.AllEvents, string? url = null, WebhookKey? key = null)
    {
        var webhook = Silo.Grains.GetWebhook(key ?? NewKey());
        var created = await webhook.Create(new CreateWebhook { Event = eventType, Url = url ?? Receiver.Url, Secret = Secret }, Cancellation);
        Assert.Null(created.Problem);
        return webhook;
    }

    /// <summary>Something happens to the tenant.</summary>
    internal async Task<string> TellAsync(string type = EventTypes.SkillExecuted, string data = "{}", TenantId? tenant = null)
    {
        var id = EventIds.New();
        await Events.AddAsync(tenant ?? TenantId.Default, new OutboxEntry(id, type, System.Text.Encoding.UTF8.GetBytes(data)), null, Time.GetUtcNow(), Cancellation);
        await AdvanceEventsAsync(tenant);
        return id;
    }

    internal Task AdvanceEventsAsync(TenantId? tenant = null) =>
        Silo.Grains.GetTenantEvents(new TenantEventsKey(tenant ?? TenantId.Default)).Advance(Cancellation);

    /// <summary>The webhook's one delivery, once it is so.</summary>
    internal static async Task<WebhookDelivery> DeliveryAsync(IWebhookGrain webhook, Func<WebhookDelivery, bool> isSo) =>
        (await DeliveriesAsync(webhook, deliveries => deliveries.Count == 1 && isSo(deliveries[0])))[0];

    /// <summary>The webhook's deliveries, the newest first, once they are so.</summary>
    internal static async Task<IReadOnlyList<WebhookDelivery>> DeliveriesAsync(IWebhookGrain webhook, Func<IReadOnlyList<WebhookDelivery>, bool> areSo)
    {
        var page = await Eventually.GetAsync(
            () => webhook.ListDeliveries(200, null, Cancellation), page => page.Problem is not null || areSo(page.Deliveries));
        Assert.Null(page.Problem);
        return page.Deliveries;
    }
}
