using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Webhooks;

namespace OpenClaw.Contract.Tests.Webhooks;

/// <summary>In which order deliveries leave, and how many at once.</summary>
public abstract class OrderTests(DatabaseServers servers) : WebhookTest(servers)
{
    /// <summary>Deliveries of one webhook that are under way at once.</summary>
    private const int AtOnce = 8;

    public sealed class OnSqlite(Servers servers) : OrderTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : OrderTests(servers.OnPostgres);

    private static long SessionSeq(ReceivedWebhook webhook) => webhook.Data.GetProperty("sessionSeq").GetInt64();

    [Fact]
    public async Task What_happens_in_a_session_arrives_in_its_order()
    {
        const int messages = 10;
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await CreateAsync(tenant.Client, "*", receiver.Url());
        var session = await tenant.Client.CreateSessionAsync(Cancellation);
        for (var number = 0; number < messages; number++)
            SessionCalls.Require(await tenant.Client.SendMessageAsync(session, $"{number}", Cancellation), 200);

        var received = await receiver.WaitAsync(2 * messages, _ => true, Cancellation);

        Assert.Equal(Enumerable.Range(0, 2 * messages).Select(index => index % 2 == 0 ? "message.received" : "message.sent"), received.Select(webhook => webhook.Type));
        Assert.Equal(received.Select(SessionSeq).Order().Distinct(), received.Select(SessionSeq));
        Assert.Equal(1, receiver.MostAtOnce);
        Assert.Equal(2 * messages, received.Select(webhook => webhook.Id).Distinct().Count());
    }

    [Fact]
    public async Task The_next_of_a_session_waits_for_the_answer_to_the_one_before_and_another_session_does_not()
    {
        var gate = new TaskCompletionSource();
        await using var receiver = await WebhookReceiver.StartAsync(HeldBy(gate.Task, webhook => Text(webhook.Data, "content") == "held"), Cancellation);
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, "message.received", receiver.Url());
        var session = await TalkAsync(tenant.Client, "held");
        SessionCalls.Require(await tenant.Client.SendMessageAsync(session, "behind it", Cancellation), 200);
        await TalkAsync(tenant.Client, "beside it");

        await receiver.WaitAsync(1, webhook => Text(webhook.Data, "content") == "beside it", Cancellation);
        var before = receiver.Received.Select(webhook => Text(webhook.Data, "content")).ToList();
        var pending = await DeliveriesAsync(tenant.Client, id, deliveries => deliveries.Count(delivery => Text(delivery, "status") == "delivered") == 1);
        gate.SetResult();
        var all = await receiver.WaitAsync(3, _ => true, Cancellation);

        Assert.Equal(["beside it", "held"], before.Order(StringComparer.Ordinal));
        Assert.Equal(2, pending.Count(delivery => Text(delivery, "status") == "pending"));
        Assert.Equal("behind it", Text(all[2].Data, "content"));
    }

    [Fact]
    public async Task What_is_to_be_sent_again_does_not_hold_up_the_next_of_its_session()
    {
        var refusals = 1;
        await using var receiver = await WebhookReceiver.StartAsync(_ => Interlocked.Decrement(ref refusals) < 0 ? 200 : 500, Cancellation);
        using var tenant = await NewTenantAsync();
        await CreateAsync(tenant.Client, "message.received", receiver.Url());
        var session = await TalkAsync(tenant.Client, "first");
        SessionCalls.Require(await tenant.Client.SendMessageAsync(session, "second", Cancellation), 200);
        SessionCalls.Require(await tenant.Client.SendMessageAsync(session, "third", Cancellation), 200);

        var received = await receiver.WaitAsync(4, _ => true, Cancellation);

        Assert.Equal(["first", "second", "third", "first"], received.Select(webhook => Text(webhook.Data, "content")));
    }

    [Fact]
    public async Task Eight_deliveries_of_a_webhook_are_under_way_at_once()
    {
        const int sessions = AtOnce + 4;
        var gate = new TaskCompletionSource();
        await using var receiver = await WebhookReceiver.StartAsync(HeldBy(gate.Task), Cancellation);
        using var tenant = await NewTenantAsync();
        await CreateAsync(tenant.Client, "message.received", receiver.Url());
        await Task.WhenAll(Enumerable.Range(0, sessions).Select(number => TalkAsync(tenant.Client, $"{number}")));

        await receiver.WaitAsync(AtOnce, _ => true, Cancellation);
        gate.SetResult();
        var all = await receiver.WaitAsync(sessions, _ => true, Cancellation);

        Assert.Equal(AtOnce, receiver.MostAtOnce);
        Assert.Equal(sessions, all.Select(webhook => webhook.Id).Distinct().Count());
    }

    [Fact]
    public async Task A_receiver_that_hangs_holds_up_no_other_webhook()
    {
        var gate = new TaskCompletionSource();
        await using var hanging = await WebhookReceiver.StartAsync(HeldBy(gate.Task), Cancellation);
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await CreateAsync(tenant.Client, "*", hanging.Url());
        await CreateAsync(tenant.Client, "*", receiver.Url());
        var session = await TalkAsync(tenant.Client, "first");
        SessionCalls.Require(await tenant.Client.SendMessageAsync(session, "second", Cancellation), 200);

        await receiver.WaitAsync(4, _ => true, Cancellation);

        Assert.Single(hanging.Received);
        gate.SetResult();
        await hanging.WaitAsync(4, _ => true, Cancellation);
    }

    [Fact]
    public async Task The_same_event_has_the_same_id_at_every_webhook()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await CreateAsync(tenant.Client, "message.sent", receiver.Url("/one"), "one");
        await CreateAsync(tenant.Client, "*", receiver.Url("/all"), "all");
        await TalkAsync(tenant.Client);

        var sent = await receiver.WaitAsync(2, webhook => webhook.Type == "message.sent", Cancellation);

        Assert.Equal(sent[0].Id, sent[1].Id);
        Assert.True(JsonElement.DeepEquals(sent[0].Data, sent[1].Data));
        Assert.All(sent, webhook => Assert.True(webhook.IsSignedWith(webhook.Path[1..])));
    }
}
