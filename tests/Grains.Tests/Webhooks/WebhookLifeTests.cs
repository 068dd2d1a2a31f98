using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Grains.Tenants.Removal;
using OpenClaw.Grains.Tests.Hosting;
using OpenClaw.Grains.Webhooks;
using OpenClaw.Storage;
using OpenClaw.Storage.Events;
using OpenClaw.Testing;

namespace OpenClaw.Grains.Tests.Webhooks;

/// <summary>How webhooks begin and end, and what outlives their silo.</summary>
public sealed class WebhookLifeTests : WebhookGrainTest
{
    [Fact]
    public async Task A_creation_that_is_repeated_finds_its_webhook()
    {
        var key = NewKey();
        await CreateAsync(key: key);
        var again = await Silo.Grains.GetWebhook(key).Create(new CreateWebhook { Event = "*", Url = Receiver.Url, Secret = Secret }, Cancellation);

        Assert.Equal(key.WebhookId, again.Webhook?.WebhookId);
        Assert.Single((await ListAsync()).Webhooks);
    }

    [Theory]
    [InlineData("url", "ftp://example.com/", Secret)]
    [InlineData("url", "https://user:pass@example.com/", Secret)]
    [InlineData("url", "http://169.254.169.254/", Secret)]
    [InlineData("secret", "http://127.0.0.1/", "whsec_short")]
    public async Task What_cannot_be_used_is_refused_and_leaves_nothing(string field, string url, string secret)
    {
        var key = NewKey();
        var refused = await Silo.Grains.GetWebhook(key).Create(new CreateWebhook { Event = "*", Url = url, Secret = secret }, Cancellation);

        Assert.Equal((400, field), (refused.Problem?.Status, refused.Problem?.Field));
        Assert.Null(await Silo.Grains.GetWebhook(key).Get(Cancellation));
        Assert.Empty((await ListAsync()).Webhooks);
    }

    [Fact]
    public async Task The_list_shows_the_newest_first_in_pages_and_repairs_what_a_crash_left()
    {
        var keys = new List<WebhookKey>();
        for (var count = 0; count < 3; count++)
        {
            keys.Add(NewKey());
            await CreateAsync(key: keys[^1]);
            Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await Store.AddAsync(NewKey(), "*", Time.GetUtcNow(), 50, Cancellation);
        var first = await ListAsync(3);
        var second = await ListAsync(3, first.NextCursor);

        Assert.Equal([keys[2].WebhookId, keys[1].WebhookId], first.Webhooks.Select(webhook => webhook.WebhookId));
        Assert.Equal(keys[0].WebhookId, Assert.Single(second.Webhooks).WebhookId);
        Assert.Null(second.NextCursor);
        Assert.Equal(3, (await Store.ListAsync(TenantId.Default, DateTimeOffset.MaxValue, "", 10, Cancellation)).Count);
        Assert.Equal("cursor", (await ListAsync(3, "none")).Problem?.Field);
    }

    [Fact]
    public async Task One_more_than_the_tenant_may_have_is_a_conflict()
    {
        for (var count = 0; count < 50; count++) await CreateAsync();

        var refused = await Silo.Grains.GetWebhook(NewKey()).Create(new CreateWebhook { Event = "*", Url = Receiver.Url, Secret = Secret }, Cancellation);

        Assert.Equal(409, refused.Problem?.Status);
    }

    [Fact]
    public async Task A_deleted_webhook_is_sent_nothing_more_and_its_deliveries_are_forgotten()
    {
        Receiver.Answer = WebhookReceiver.Hang;
        var key = NewKey();
        var webhook = await CreateAsync(key: key);
        await TellAsync();
        await Receiver.NextAsync();

        Assert.True(await webhook.Delete(Cancellation));
        await TellAsync();

        await Eventually.IsSoAsync(async () => (await Store.ListDeliveriesAsync(key, long.MaxValue, 10, Cancellation)).Count == 0);
        Assert.False(await webhook.Delete(Cancellation));
        Assert.Null(await webhook.Get(Cancellation));
        Assert.Equal(404, (await webhook.ListDeliveries(10, null, Cancellation)).Problem?.Status);
        Assert.Equal(404, (await webhook.FindDelivery(DeliveryIds.Of(1), Cancellation)).Problem?.Status);
        Assert.Equal(404, (await webhook.Test(Cancellation)).Problem?.Status);
        Assert.Single(Receiver.All);
    }

    [Fact]
    public async Task A_deleted_tenant_s_webhooks_go_with_it()
    {
        Receiver.Answer = WebhookReceiver.Status(500);
        var key = NewKey();
        var webhook = await CreateAsync(key: key);
        await TellAsync();
        await DeliveryAsync(webhook, delivery => delivery.Attempts == 1);

        var owner = Silo.Services.GetServices<ITenantDataOwner>().OfType<TenantWebhooks>().Single();
        while (await owner.RemoveSomeAsync(TenantId.Default, Cancellation))
        {
            // Until nothing of it is left.
        }

        Assert.Null(await webhook.Get(Cancellation));
        Assert.Empty((await ListAsync()).Webhooks);
        Assert.Empty(await Store.ListDeliveriesAsync(key, long.MaxValue, 10, Cancellation));
    }

    [Fact]
    public async Task A_delivery_that_is_not_there_is_neither_found_nor_sent_again()
    {
        var webhook = await CreateAsync();

        foreach (var id in new[] { "del-1", DeliveryIds.Of(7) })
        {
            Assert.Equal((404, "deliveryId"), Refusal((await webhook.FindDelivery(id, Cancellation)).Problem));
            Assert.Equal((404, "deliveryId"), Refusal((await webhook.Replay(id, Cancellation)).Problem));
        }

        static (int?, string?) Refusal(Problem? problem) => (problem?.Status, problem?.Field);
    }

    [Fact]
    public async Task Deliveries_are_listed_in_pages_the_newest_first()
    {
        var webhook = await CreateAsync();
        var ids = new List<string>();
        for (var count = 0; count < 3; count++) ids.Add(await TellAsync());

        var first = await webhook.ListDeliveries(2, null, Cancellation);
        var second = await webhook.ListDeliveries(2, first.NextCursor, Cancellation);

        Assert.Equal([ids[2], ids[1], ids[0]], first.Deliveries.Concat(second.Deliveries).Select(delivery => delivery.EventId));
        Assert.Null(second.NextCursor);
        Assert.Equal("cursor", (await webhook.ListDeliveries(2, "none", Cancellation)).Problem?.Field);
    }

    [Fact]
    public async Task What_a_silo_that_ended_had_under_way_is_sent_again_by_the_next_one()
    {
        var directory = Directory.CreateTempSubdirectory("openclaw-webhooks-").FullName;
        try
        {
            var settings = new SiloHostSettings { Database = new StorageOptions { DataDirectory = directory } };
            await DatabaseMigrator.MigrateAsync(settings.Database, Cancellation);
            Receiver.Answer = WebhookReceiver.Hang;
            string id;
            await using (var silo = await StartSiloAsync(settings))
            {
                var webhook = await silo.Grains.GetWebhook(NewKey()).Create(new CreateWebhook { Event = "*", Url = Receiver.Url, Secret = Secret }, Cancellation);
                Assert.Null(webhook.Problem);
                id = Abstractions.Events.EventIds.New();
                await silo.Services.GetRequiredService<IEventLog>().AddAsync(
                    TenantId.Default, new OutboxEntry(id, Abstractions.Events.EventTypes.SkillExecuted, "{}"u8.ToArray()), null, Time.GetUtcNow(), Cancellation);
                await silo.Grains.GetTenantEvents(new Abstractions.Events.TenantEventsKey(TenantId.Default)).Advance(Cancellation);
                Assert.Equal(id, (await Receiver.NextAsync()).Id);
            }

            Receiver.Answer = WebhookReceiver.Status(204);
            Time.Advance(WebhookWatch.Overdue + TimeSpan.FromSeconds(1));
            await using (await StartSiloAsync(settings)) Assert.Equal(id, (await Receiver.NextAsync()).Id);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private Task<WebhookPage> ListAsync(int limit = 50, string? cursor = null) =>
        Silo.Grains.GetWebhookDirectory(new WebhookDirectoryKey(TenantId.Default)).List(limit, cursor, Cancellation);
}
