using System.Text;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Grains.Tests.Hosting;
using OpenClaw.Grains.Webhooks;
using OpenClaw.Samples.WebhookReceiver;
using OpenClaw.Storage.Events;

namespace OpenClaw.Grains.Tests.Webhooks;

/// <summary>What happens to a tenant reaches its receivers.</summary>
public sealed class WebhookDeliveryTests : WebhookGrainTest
{
    [Fact]
    public async Task A_message_is_delivered_once_with_a_signature_that_the_receiver_verifies()
    {
        var webhook = await CreateAsync(EventTypes.MessageReceived);
        var session = await Silo.CreateSessionAsync();
        var sent = await session.SendAsync("你好 👋");
        (await Silo.Models.NextAsync()).Finish();

        var received = await Receiver.NextAsync();
        var delivery = await DeliveryAsync(webhook, delivery => delivery.Status is WebhookDeliveryStatus.Delivered);

        Assert.Null(new SignatureVerifier(Secret, Time).Objection(received.Id, received.Timestamp, received.Signature, received.Body));
        Assert.Equal(EventIds.Of(session.Key, sent.Seq, EventTypes.MessageReceived), received.Id);
        Assert.Equal((received.Id, EventTypes.MessageReceived), (received.Json.GetProperty("id").GetString(), received.Json.GetProperty("type").GetString()));
        Assert.Equal("你好 👋", received.Json.GetProperty("data").GetProperty("content").GetString());
        Assert.Equal((received.Id, 1, 204), (delivery.EventId, delivery.Attempts, delivery.ResponseStatus));
        Assert.Equal(Encoding.UTF8.GetString(received.Body), (await webhook.FindDelivery(delivery.DeliveryId, Cancellation)).Delivery!.Payload.ToString());
        Assert.Single(Receiver.All);
    }

    [Fact]
    public async Task A_webhook_is_told_of_its_own_type_alone()
    {
        var webhook = await CreateAsync(EventTypes.ErrorOccurred);

        await TellAsync(EventTypes.SkillExecuted);
        await TellAsync(EventTypes.TaskStarted);
        var told = await TellAsync(EventTypes.ErrorOccurred);

        Assert.Equal(told, (await Receiver.NextAsync()).Id);
        Assert.Single((await webhook.ListDeliveries(10, null, Cancellation)).Deliveries);
    }

    [Fact]
    public async Task What_failed_is_sent_again_under_the_same_id_with_the_same_bytes()
    {
        Receiver.Answer = WebhookReceiver.Status(500, "not now");
        var webhook = await CreateAsync();
        var id = await TellAsync();
        var failed = await DeliveryAsync(webhook, delivery => delivery.Attempts == 1);

        Assert.Equal((WebhookDeliveryStatus.Pending, 500, "not now", "the receiver answered 500"), (failed.Status, failed.ResponseStatus, failed.ResponseBody, failed.Error?.English));
        Assert.InRange((failed.NextAttemptAt - failed.LastAttemptAt)!.Value.TotalSeconds, 4.5, 5.5);
        Receiver.Answer = WebhookReceiver.Status(204);
        await Time.PassToAsync(failed.NextAttemptAt!.Value);
        var delivered = await DeliveryAsync(webhook, delivery => delivery.Status is WebhookDeliveryStatus.Delivered);

        Assert.Equal((2, null, 204, null), (delivered.Attempts, delivered.NextAttemptAt, delivered.ResponseStatus, delivered.Error));
        var (first, second) = (await Receiver.NextAsync(), await Receiver.NextAsync());
        Assert.Equal((id, id), (first.Id, second.Id));
        Assert.Equal(first.Body, second.Body);
        Assert.NotEqual(first.Timestamp, second.Timestamp);
        Assert.Null(new SignatureVerifier(Secret, Time).Objection(second.Id, second.Timestamp, second.Signature, second.Body));
    }

    [Fact]
    public async Task A_receiver_that_answers_500_for_days_is_given_up_after_eight_attempts_and_can_be_sent_to_again()
    {
        Receiver.Answer = WebhookReceiver.Status(500);
        var webhook = await CreateAsync();
        var id = await TellAsync();
        for (var attempt = 1; attempt < RetrySchedule.MaxAttempts; attempt++)
        {
            var waiting = await DeliveryAsync(webhook, delivery => delivery.Attempts == attempt);
            Assert.Equal(WebhookDeliveryStatus.Pending, waiting.Status);
            await Time.PassToAsync(waiting.NextAttemptAt!.Value);
        }

        var failed = await DeliveryAsync(webhook, delivery => delivery.Attempts == RetrySchedule.MaxAttempts);
        Assert.Equal((WebhookDeliveryStatus.Failed, null), (failed.Status, failed.NextAttemptAt));

        Receiver.Answer = WebhookReceiver.Status(200, "thanks");
        var replayed = (await webhook.Replay(failed.DeliveryId, Cancellation)).Delivery!;
        var delivered = await DeliveryAsync(webhook, delivery => delivery.Status is WebhookDeliveryStatus.Delivered);

        Assert.Equal((WebhookDeliveryStatus.Pending, 0, id), (replayed.Status, replayed.Attempts, replayed.EventId));
        Assert.Equal((1, "thanks"), (delivered.Attempts, delivered.ResponseBody));
        Assert.All(Receiver.All, received => Assert.Equal(id, received.Id));
        Assert.Equal(RetrySchedule.MaxAttempts + 1, Receiver.All.Count);
    }

    [Fact]
    public async Task A_410_disables_the_webhook_and_ends_what_waits()
    {
        Receiver.Answer = WebhookReceiver.Status(500);
        var webhook = await CreateAsync();
        await TellAsync();
        await DeliveryAsync(webhook, delivery => delivery.Attempts == 1);

        Receiver.Answer = WebhookReceiver.Status(410);
        await TellAsync();
        var ended = await DeliveriesAsync(webhook, deliveries => deliveries.All(delivery => delivery.Status is WebhookDeliveryStatus.Failed));
        await TellAsync();

        Assert.Equal([410, 500], ended.Select(delivery => delivery.ResponseStatus!.Value));
        Assert.Equal("the webhook was disabled before it was sent", ended[1].Error?.English);
        Assert.Equal((false, "gone", 0L), Told(await webhook.Get(Cancellation)));
        Assert.Equal(2, (await webhook.ListDeliveries(10, null, Cancellation)).Deliveries.Count);
        Assert.Equal(409, (await webhook.Replay(ended[0].DeliveryId, Cancellation)).Problem?.Status);
        Assert.Equal(409, (await webhook.Test(Cancellation)).Problem?.Status);

        static (bool, string?, long) Told(WebhookInfo? webhook) => (webhook!.Enabled, webhook.DisabledReason, webhook.Pending);
    }

    [Fact]
    public async Task A_test_answers_with_its_first_attempt_and_is_told_to_this_webhook_alone()
    {
        var other = await CreateAsync();
        var webhook = await CreateAsync(EventTypes.TaskCompleted);

        var delivered = (await webhook.Test(Cancellation)).Delivery!;
        Receiver.Answer = WebhookReceiver.Status(503);
        var failed = (await webhook.Test(Cancellation)).Delivery!;

        Assert.Equal((EventTypes.WebhookTest, WebhookDeliveryStatus.Delivered, 204), (delivered.Event, delivered.Status, delivered.ResponseStatus));
        Assert.Equal((WebhookDeliveryStatus.Pending, 1, 503), (failed.Status, failed.Attempts, failed.ResponseStatus));
        Assert.Empty((await other.ListDeliveries(10, null, Cancellation)).Deliveries);
        Assert.True((await Receiver.NextAsync()).Json.GetProperty("data").TryGetProperty("webhookId", out _));
    }

    [Fact]
    public async Task A_session_s_events_come_one_after_the_other_and_other_sessions_do_not_wait()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Receiver.Answer = (received, _) => received.Json.GetProperty("data").GetProperty("content").GetString() == "a1" ? release.Task : Task.CompletedTask;
        var webhook = await CreateAsync(EventTypes.MessageReceived);
        var (a, b) = (await Silo.CreateSessionAsync(), await Silo.CreateSessionAsync());

        await SendAsync(a, "a1", "a2");
        Assert.Equal("a1", Content(await Receiver.NextAsync()));
        await SendAsync(b, "b1", "b2");
        Assert.Equal("b1", Content(await Receiver.NextAsync()));
        Assert.Equal("b2", Content(await Receiver.NextAsync()));
        release.SetResult();
        Assert.Equal("a2", Content(await Receiver.NextAsync()));

        await DeliveriesAsync(webhook, deliveries => deliveries.Count == 4 && deliveries.All(delivery => delivery.Status is WebhookDeliveryStatus.Delivered));

        static string? Content(Received received) => received.Json.GetProperty("data").GetProperty("content").GetString();
    }

    [Fact]
    public async Task A_delivery_that_is_to_be_tried_again_does_not_hold_up_its_session()
    {
        Receiver.Answer = (received, context) => received.Json.GetProperty("data").GetProperty("content").GetString() == "first"
            ? WebhookReceiver.Status(500)(received, context)
            : Task.CompletedTask;
        var webhook = await CreateAsync(EventTypes.MessageReceived);
        var session = await Silo.CreateSessionAsync();

        await SendAsync(session, "first", "second");
        var deliveries = await DeliveriesAsync(webhook, deliveries => deliveries.Count == 2 && deliveries.All(delivery => delivery.Attempts == 1));

        Assert.Equal([WebhookDeliveryStatus.Delivered, WebhookDeliveryStatus.Pending], deliveries.Select(delivery => delivery.Status));
    }

    [Fact]
    public async Task A_receiver_that_hangs_is_given_up_and_delays_nobody_else()
    {
        await using var slow = await WebhookReceiver.StartAsync();
        slow.Answer = WebhookReceiver.Hang;
        var hanging = await CreateAsync(url: slow.Url);
        var webhook = await CreateAsync();

        var id = await TellAsync();
        await slow.NextAsync();
        Assert.Equal(id, (await Receiver.NextAsync()).Id);
        await DeliveryAsync(webhook, delivery => delivery.Status is WebhookDeliveryStatus.Delivered);
        Time.Advance(WebhookSender.Limit);
        var given = await DeliveryAsync(hanging, delivery => delivery.Attempts == 1);

        Assert.Equal((WebhookDeliveryStatus.Pending, null), (given.Status, given.ResponseStatus));
        Assert.Equal("the receiver took longer than 10 s", given.Error?.English);
    }

    [Fact]
    public async Task No_more_than_eight_are_under_way_at_one_webhook()
    {
        Receiver.Answer = WebhookReceiver.Hang;
        var webhook = await CreateAsync();
        for (var count = 0; count < DeliveryLoop.AtOnce + 4; count++)
            await Events.AddAsync(TenantId.Default, new OutboxEntry(EventIds.New(), EventTypes.SkillExecuted, "{}"u8.ToArray()), null, Time.GetUtcNow(), Cancellation);
        await AdvanceEventsAsync();

        for (var count = 0; count < DeliveryLoop.AtOnce; count++) await Receiver.NextAsync();
        Assert.Equal(DeliveryLoop.AtOnce + 4, (await webhook.Get(Cancellation))!.Pending);
        Assert.Equal(DeliveryLoop.AtOnce, Receiver.All.Count);

        Receiver.Answer = WebhookReceiver.Status(200);
        Time.Advance(WebhookSender.Limit);
        for (var count = 0; count < 4; count++) await Receiver.NextAsync();
        await DeliveriesAsync(webhook, deliveries => deliveries.Count(delivery => delivery.Status is WebhookDeliveryStatus.Delivered) == 4);
    }

    private async Task SendAsync(TestSession session, params string[] texts)
    {
        foreach (var text in texts)
        {
            var sent = await session.SendAsync(text);
            (await Silo.Models.NextAsync()).Finish();
            await session.AnswerAsync(sent.TurnId);
        }
    }
}
