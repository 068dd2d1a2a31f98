using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Webhooks;

namespace OpenClaw.Storage.Tests;

/// <summary>Who is told of events, and the record of that.</summary>
public abstract class WebhookStoreTests(DatabaseKind kind) : StorageTest(kind)
{
    private static readonly TenantId Other = TenantId.Parse("other");
    private static readonly WebhookKey Hook = new(Tenant, "hook-1");

    public sealed class OnSqlite() : WebhookStoreTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : WebhookStoreTests(DatabaseKind.Postgres);

    private IWebhookStore Store => (IWebhookStore)Services.GetService(typeof(IWebhookStore))!;

    [Fact]
    public async Task A_tenant_has_as_many_webhooks_as_it_may_and_one_that_is_added_again_counts_once()
    {
        Assert.True(await AddAsync("a", most: 2));
        Assert.True(await AddAsync("b", most: 2));
        Assert.True(await AddAsync("a", most: 2));
        Assert.False(await AddAsync("c", most: 2));
        Assert.True(await Store.AddAsync(new WebhookKey(Other, "c"), "*", Now, 2, Cancellation));
        await Store.RemoveAsync(new WebhookKey(Tenant, "a"), Cancellation);
        Assert.True(await AddAsync("c", most: 2));
    }

    [Fact]
    public async Task Webhooks_are_listed_the_newest_first_and_ties_by_id()
    {
        foreach (var (id, seconds) in new[] { ("old", -1), ("a", 0), ("b", 0), ("new", 1) }) await AddAsync(id, Now.AddSeconds(seconds));

        var first = await Store.ListAsync(Tenant, DateTimeOffset.MaxValue, "", 2, Cancellation);
        var second = await Store.ListAsync(Tenant, first[^1].CreatedAt, first[^1].WebhookId, 5, Cancellation);

        Assert.Equal(["new", "b", "a", "old"], first.Concat(second).Select(row => row.WebhookId));
        Assert.Equal(Now.AddSeconds(1), first[0].CreatedAt);
    }

    [Fact]
    public async Task Events_make_deliveries_to_those_that_want_them_until_they_are_disabled_or_removed()
    {
        await AddAsync("all");
        await AddAsync("sent", eventType: "message.sent");
        await TellAsync("message.received", "message.sent", "task.started");
        Assert.Equal([2, 1], (await ListAsync("all")).Select(delivery => delivery.Seq));
        Assert.Equal([2], (await ListAsync("sent")).Select(delivery => delivery.Seq));

        await Store.DisableAsync(new WebhookKey(Tenant, "all"), Cancellation);
        await Store.RemoveAsync(new WebhookKey(Tenant, "sent"), Cancellation);
        await TellAsync("message.sent");

        Assert.Equal(2, (await ListAsync("all")).Count);
        Assert.Single(await ListAsync("sent"));
    }

    [Fact]
    public async Task An_attempt_is_recorded_once_and_only_for_the_delivery_as_it_was()
    {
        await AddAsync(Hook.WebhookId);
        await TellAsync("message.sent");
        var due = Assert.Single(await Store.ListNextAsync(Hook, 10, Cancellation));
        var failed = new DeliveryAttemptState
        {
            Status = WebhookDeliveryStatus.Pending, NextAt = Now.AddSeconds(5), At = Now, ResponseStatus = 500, ResponseBody = "нет\0 👋", Error = "Status",
        };

        Assert.True(await Store.EndAttemptAsync(Hook, due, failed, Cancellation));
        Assert.False(await Store.EndAttemptAsync(Hook, due, failed, Cancellation));
        var next = Assert.Single(await Store.ListNextAsync(Hook, 10, Cancellation));
        var delivered = new DeliveryAttemptState { Status = WebhookDeliveryStatus.Delivered, At = Now.AddSeconds(5), ResponseStatus = 200 };
        Assert.Equal(due with { Attempts = 1, DueAt = Now.AddSeconds(5) }, next);
        Assert.Equal(("нет\0 👋", "Status", 500), (await FindAsync(1) is var kept ? (kept.ResponseBody, kept.Error, kept.ResponseStatus) : default));
        Assert.True(await Store.EndAttemptAsync(Hook, next, delivered, Cancellation));
        Assert.False(await Store.EndAttemptAsync(Hook, next with { Attempts = 2 }, failed, Cancellation));

        Assert.Equal(
            new WebhookDeliveryState
            {
                Seq = 1, EventId = "e1", Type = "message.sent", SessionId = "", Status = WebhookDeliveryStatus.Delivered, Attempts = 2, CreatedAt = Now,
                AttemptedAt = Now.AddSeconds(5), ResponseStatus = 200,
            },
            await FindAsync(1));
        Assert.Empty(await Store.ListNextAsync(Hook, 10, Cancellation));
        Assert.Equal(0, await Store.CountPendingAsync(Hook, Cancellation));
    }

    [Fact]
    public async Task What_waits_is_read_the_earliest_due_first_and_its_events_in_their_order()
    {
        await AddAsync(Hook.WebhookId);
        await TellAsync("message.sent", "message.sent", "message.sent", "message.sent");
        await RetryAsync(1, Now.AddSeconds(-5));
        await RetryAsync(3, Now.AddSeconds(5));

        Assert.Equal([1, 2, 4, 3], (await Store.ListNextAsync(Hook, 10, Cancellation)).Select(due => due.Seq));
        Assert.Equal([1, 2], (await Store.ListNextAsync(Hook, 2, Cancellation)).Select(due => due.Seq));
        Assert.Equal(4, await Store.CountPendingAsync(Hook, Cancellation));
    }

    [Fact]
    public async Task A_delivery_that_is_sent_again_waits_as_if_it_had_never_been_tried()
    {
        await AddAsync(Hook.WebhookId);
        await TellAsync("message.sent");
        await EndAsync(1);

        Assert.True(await Store.ReplayAsync(Hook, 1, Now.AddDays(1), Cancellation));
        Assert.False(await Store.ReplayAsync(Hook, 2, Now, Cancellation));

        var again = await FindAsync(1);
        Assert.Equal((WebhookDeliveryStatus.Pending, 0, Now.AddDays(1), null, null), (again.Status, again.Attempts, again.NextAt, again.AttemptedAt, again.Error));
    }

    [Fact]
    public async Task What_waits_is_ended_and_what_has_ended_stays_as_it_is()
    {
        await AddAsync(Hook.WebhookId);
        await AddAsync("another");
        await TellAsync("message.sent", "message.sent", "message.sent");
        await EndAsync(2);

        while (await Store.FailSomeAsync(Hook, "Disabled", Cancellation))
        {
            // Until nothing waits any more.
        }

        Assert.Equal(
            [(3, WebhookDeliveryStatus.Failed, "Disabled"), (2, WebhookDeliveryStatus.Delivered, null), (1, WebhookDeliveryStatus.Failed, "Disabled")],
            (await ListAsync(Hook.WebhookId)).Select(delivery => (delivery.Seq, delivery.Status, delivery.Error)));
        Assert.Equal(3, await Store.CountPendingAsync(new WebhookKey(Tenant, "another"), Cancellation));
    }

    [Fact]
    public async Task Overdue_webhooks_of_all_tenants_are_found_each_once_in_pages()
    {
        foreach (var id in new[] { "a", "b", "c" }) await AddAsync(id);
        await Store.AddAsync(new WebhookKey(Other, "a"), "*", Now, 50, Cancellation);
        await TellAsync("message.sent", "message.sent");
        await TellAsync(Other, "message.sent");
        // Nothing of c is due yet.
        foreach (var due in await Store.ListNextAsync(new WebhookKey(Tenant, "c"), 10, Cancellation))
            await RetryAsync(due.Seq, Now.AddSeconds(1), "c");

        var first = await Store.ListOverdueAsync(null, Now, 2, Cancellation);
        var second = await Store.ListOverdueAsync(first[^1], Now, 2, Cancellation);

        Assert.Equal(["acme/w/a", "acme/w/b"], first.Select(key => key.ToString()));
        Assert.Equal(["other/w/a"], second.Select(key => key.ToString()));
        Assert.Empty(await Store.ListOverdueAsync(second[^1], Now, 2, Cancellation));
        Assert.Empty(await Store.ListOverdueAsync(null, Now.AddMilliseconds(-1), 2, Cancellation));
        Assert.Equal(4, (await Store.ListOverdueAsync(null, Now.AddSeconds(1), 10, Cancellation)).Count);
    }

    [Fact]
    public async Task The_delivery_of_an_event_is_found_among_those_after_a_number()
    {
        await AddAsync(Hook.WebhookId);
        await TellAsync("message.sent", "message.sent");

        Assert.Equal(2, (await Store.FindDeliveryAsync(Hook, "e2", 1, Cancellation))?.Seq);
        Assert.Null(await Store.FindDeliveryAsync(Hook, "e2", 2, Cancellation));
        Assert.Null(await Store.FindDeliveryAsync(Hook, "e3", 0, Cancellation));
    }

    [Fact]
    public async Task Old_deliveries_go_once_they_have_ended()
    {
        await AddAsync(Hook.WebhookId);
        await TellAsync("message.sent", "message.sent");
        await EndAsync(1);

        Assert.Equal(0, await Store.PurgeDeliveriesAsync(Now, 10, Cancellation));
        Assert.Equal(1, await Store.PurgeDeliveriesAsync(Now.AddMilliseconds(1), 10, Cancellation));

        Assert.Equal([2], (await ListAsync(Hook.WebhookId)).Select(delivery => delivery.Seq));
    }

    [Fact]
    public async Task An_event_stays_as_long_as_a_delivery_refers_to_it()
    {
        await AddAsync(Hook.WebhookId);
        await TellAsync("message.sent");
        await EndAsync(1);
        Assert.Equal(0, await Events.PurgeAsync(Now.AddDays(60), 10, Cancellation));

        await Store.PurgeDeliveriesAsync(Now.AddDays(60), 10, Cancellation);

        Assert.Equal(1, await Events.PurgeAsync(Now.AddDays(60), 10, Cancellation));
    }

    [Fact]
    public async Task Deliveries_go_with_their_webhook_or_their_tenant()
    {
        await AddAsync(Hook.WebhookId);
        await AddAsync("another");
        await TellAsync("message.sent");

        Assert.True(await Store.RemoveSomeDeliveriesAsync(Hook, Cancellation));
        Assert.False(await Store.RemoveSomeDeliveriesAsync(Hook, Cancellation));
        Assert.Single(await ListAsync("another"));
        Assert.True(await Store.RemoveSomeDeliveriesAsync(Tenant, Cancellation));
        Assert.False(await Store.RemoveSomeDeliveriesAsync(Tenant, Cancellation));
        Assert.Empty(await ListAsync("another"));
    }

    private Task<bool> AddAsync(string id, DateTimeOffset? createdAt = null, string eventType = "*", int most = 50) =>
        Store.AddAsync(new WebhookKey(Tenant, id), eventType, createdAt ?? Now, most, Cancellation);

    private Task TellAsync(params string[] types) => TellAsync(Tenant, types);

    private async Task TellAsync(TenantId tenant, params string[] types)
    {
        var head = await Events.FindHeadAsync(tenant, Cancellation);
        foreach (var type in types) await Events.AddAsync(tenant, new OutboxEntry($"e{++head}", type, "{}"u8.ToArray()), null, Now, Cancellation);
        Assert.NotNull(await Events.SequenceAsync(tenant, head - types.Length, await Events.ReadOutboxAsync(tenant, 10, Cancellation), Cancellation));
    }

    private ValueTask<IReadOnlyList<WebhookDeliveryState>> ListAsync(string id) =>
        Store.ListDeliveriesAsync(new WebhookKey(Tenant, id), long.MaxValue, 10, Cancellation);

    private async Task<WebhookDeliveryState> FindAsync(long seq) =>
        await Store.FindDeliveryAsync(Hook, seq, Cancellation) ?? throw new InvalidOperationException($"There is no delivery {seq}.");

    private Task RetryAsync(long seq, DateTimeOffset dueAt, string id = "hook-1") =>
        EndAsync(seq, new DeliveryAttemptState { Status = WebhookDeliveryStatus.Pending, NextAt = dueAt, At = Now, Error = "Status" }, id);

    private Task EndAsync(long seq) => EndAsync(seq, new DeliveryAttemptState { Status = WebhookDeliveryStatus.Delivered, At = Now, ResponseStatus = 200 });

    private async Task EndAsync(long seq, DeliveryAttemptState attempt, string id = "hook-1") =>
        Assert.True(await Store.EndAttemptAsync(new WebhookKey(Tenant, id), new DueDelivery(seq, $"e{seq}", "", 0, Now), attempt, Cancellation));
}
