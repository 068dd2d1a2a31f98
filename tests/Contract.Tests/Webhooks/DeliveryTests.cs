using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Webhooks;

namespace OpenClaw.Contract.Tests.Webhooks;

/// <summary>How events are delivered: what is sent, when it is sent again, what is told of it.</summary>
public abstract class DeliveryTests(DatabaseServers servers) : WebhookTest(servers)
{
    /// <summary>Bytes of a receiver's answer that its delivery keeps.</summary>
    private const int KeptAnswer = 4096;

    /// <summary>With what takes long and has no part in a database.</summary>
    public sealed class OnSqlite(Servers servers) : DeliveryTests(servers.OnSqlite)
    {
        [Fact]
        [Trait("Category", "Slow")]
        public async Task A_receiver_that_does_not_answer_has_ten_seconds()
        {
            await using var receiver = await WebhookReceiver.StartAsync((_, context) => Task.Delay(Timeout.Infinite, context.RequestAborted), Cancellation);
            using var tenant = await NewTenantAsync();
            var id = await CreateAsync(tenant.Client, "message.received", receiver.Url());
            await TalkAsync(tenant.Client);
            var first = (await receiver.WaitAsync(1, _ => true, Cancellation))[0];

            var waiting = await DeliveryAsync(tenant.Client, id, delivery => HasValue(delivery, "error"));

            Assert.InRange((TimeProvider.System.GetUtcNow() - first.ReceivedAt).TotalSeconds, 9, 14);
            Assert.Equal(("pending", 1), (Text(waiting, "status"), waiting.GetProperty("attempts").GetInt32()));
        }
    }

    public sealed class OnPostgres(Servers servers) : DeliveryTests(servers.OnPostgres);

    private static string DeliveryOf(JsonElement delivery) => Text(delivery, "deliveryId");

    private static double PauseOf(JsonElement delivery) => (Shape.Time(delivery, "nextAttemptAt") - Shape.Time(delivery, "lastAttemptAt")).TotalSeconds;

    private static string KeyOf(ReceivedWebhook webhook) => webhook.Headers["webhook-id"];

    [Fact]
    public async Task A_delivery_is_a_post_in_the_form_of_the_standard_webhooks()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await CreateAsync(tenant.Client, "message.received", receiver.Url("/deep/hook?and=a%20query"));
        await TalkAsync(tenant.Client, "你好");

        var webhook = await receiver.WaitForAsync("message.received", Cancellation);

        Assert.Equal(("POST", "/deep/hook"), (webhook.Method, webhook.Path));
        Assert.Equal("application/json", webhook.Headers["content-type"].Split(';')[0]);
        Assert.Equal("OpenClaw-Webhooks/1.0", webhook.Headers["user-agent"]);
        Assert.Matches("^evt-[0-9a-f]+$", webhook.Id);
        Assert.Equal(webhook.Id, KeyOf(webhook));
        Assert.Equal(["id", "type", "timestamp", "data"], webhook.Json.EnumerateObject().Select(property => property.Name));
        Shape.IsRecentTime(webhook.Json.GetProperty("timestamp"));
        var sentAt = DateTimeOffset.FromUnixTimeSeconds(long.Parse(webhook.Headers["webhook-timestamp"], CultureInfo.InvariantCulture));
        Assert.InRange(sentAt, webhook.ReceivedAt.AddSeconds(-10), webhook.ReceivedAt.AddSeconds(1));
        Assert.StartsWith("v1,", webhook.Headers["webhook-signature"], StringComparison.Ordinal);
        Assert.Contains("你好", Encoding.UTF8.GetString(webhook.Body), StringComparison.Ordinal);
        Assert.DoesNotContain(webhook.Headers, header => header.Value.Contains(tenant.Key, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("your-webhook-secret")]
    [InlineData("秘密🔑")]
    [InlineData("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")]
    public async Task A_delivery_is_signed_with_its_webhooks_secret(string secret)
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await CreateAsync(tenant.Client, "message.received", receiver.Url(), secret);
        await TalkAsync(tenant.Client);

        var webhook = await receiver.WaitForAsync("message.received", Cancellation);

        Assert.True(webhook.IsSignedWith(secret), webhook.Headers["webhook-signature"]);
        Assert.False(webhook.IsSignedWith(secret + "BBBB"));
    }

    [Fact]
    public async Task A_delivery_that_was_taken_is_told_of()
    {
        await using var receiver = await WebhookReceiver.StartAsync((_, context) => context.Response.WriteAsync("谢谢", Cancellation), Cancellation);
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, "message.received", receiver.Url());
        await TalkAsync(tenant.Client, "你好");
        var webhook = await receiver.WaitForAsync("message.received", Cancellation);

        var delivery = await DeliveryAsync(tenant.Client, id, delivery => Text(delivery, "status") == "delivered");
        var whole = SessionCalls.Require(await TryGetDeliveryAsync(tenant.Client, id, DeliveryOf(delivery)), 200).Json;

        Shape.Has(delivery, "deliveryId", "eventId", "event", "status", "attempts", "createdAt", "lastAttemptAt", "nextAttemptAt", "responseStatus", "responseBody", "error");
        Assert.Matches("^del-", DeliveryOf(delivery));
        Assert.Equal((webhook.Id, "message.received"), (Text(delivery, "eventId"), Text(delivery, "event")));
        Assert.Equal((1, 200, "谢谢"), (delivery.GetProperty("attempts").GetInt32(), delivery.GetProperty("responseStatus").GetInt32(), Text(delivery, "responseBody")));
        Assert.False(HasValue(delivery, "nextAttemptAt") || HasValue(delivery, "error") || HasValue(delivery, "payload"), delivery.GetRawText());
        Shape.IsRecentTime(delivery.GetProperty("createdAt"));
        Assert.True(Shape.Time(delivery, "lastAttemptAt") >= Shape.Time(delivery, "createdAt").AddMilliseconds(-1), delivery.GetRawText());
        var payload = whole.GetProperty("payload");
        if (payload.ValueKind == JsonValueKind.String) payload = JsonElement.Parse(payload.GetString()!);
        Assert.True(JsonElement.DeepEquals(webhook.Json, payload), payload.GetRawText());
        foreach (var property in delivery.EnumerateObject())
            Assert.Equal(property.Value.GetRawText(), whole.GetProperty(property.Name).GetRawText());
        Assert.Equal(0, (await WebhookAsync(tenant.Client, id)).GetProperty("pending").GetInt32());
    }

    [Fact]
    public async Task What_was_answered_with_an_error_comes_again_the_same_after_five_seconds()
    {
        var refusals = 1;
        await using var receiver = await WebhookReceiver.StartAsync(
            async (_, context) =>
            {
                if (Interlocked.Decrement(ref refusals) < 0) return;
                context.Response.StatusCode = 500;
                await context.Response.WriteAsync("not now", context.RequestAborted);
            },
            Cancellation);
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, "message.received", receiver.Url());
        await TalkAsync(tenant.Client);
        await receiver.WaitAsync(1, _ => true, Cancellation);

        var waiting = await DeliveryAsync(tenant.Client, id, delivery => delivery.GetProperty("attempts").GetInt32() == 1);
        var pending = (await WebhookAsync(tenant.Client, id)).GetProperty("pending").GetInt32();
        var attempts = await receiver.WaitAsync(2, _ => true, Cancellation);
        var delivered = await DeliveryAsync(tenant.Client, id, delivery => Text(delivery, "status") == "delivered");

        Assert.Equal(("pending", 500, "not now"), (Text(waiting, "status"), waiting.GetProperty("responseStatus").GetInt32(), Text(waiting, "responseBody")));
        Assert.InRange(PauseOf(waiting), 4.4, 5.6);
        Assert.Equal(1, pending);
        Assert.Equal(attempts[0].Body, attempts[1].Body);
        Assert.Equal(KeyOf(attempts[0]), KeyOf(attempts[1]));
        Assert.InRange((attempts[1].ReceivedAt - attempts[0].ReceivedAt).TotalSeconds, 4.4, 12);
        Assert.True(
            long.Parse(attempts[1].Headers["webhook-timestamp"], CultureInfo.InvariantCulture) > long.Parse(attempts[0].Headers["webhook-timestamp"], CultureInfo.InvariantCulture),
            "Each attempt has a timestamp of its own.");
        Assert.All(attempts, attempt => Assert.True(attempt.IsSignedWith(Secret)));
        Assert.Equal((2, 200), (delivered.GetProperty("attempts").GetInt32(), delivered.GetProperty("responseStatus").GetInt32()));
    }

    [Fact]
    public async Task A_second_refusal_is_followed_by_a_longer_pause()
    {
        await using var receiver = await WebhookReceiver.StartAsync(_ => 503, Cancellation);
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, "message.received", receiver.Url());
        await TalkAsync(tenant.Client);

        var waiting = await DeliveryAsync(tenant.Client, id, delivery => delivery.GetProperty("attempts").GetInt32() == 2);

        Assert.Equal("pending", Text(waiting, "status"));
        Assert.InRange(PauseOf(waiting), 26.9, 33.1);
    }

    [Fact]
    public async Task A_receiver_that_is_not_there_is_told_of()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, "message.received", NobodyThere);
        await TalkAsync(tenant.Client);

        var waiting = await DeliveryAsync(tenant.Client, id, delivery => delivery.GetProperty("attempts").GetInt32() == 1);

        Assert.Equal("pending", Text(waiting, "status"));
        Assert.False(string.IsNullOrWhiteSpace(Text(waiting, "error")), waiting.GetRawText());
        Assert.False(HasValue(waiting, "responseStatus") || HasValue(waiting, "responseBody"), waiting.GetRawText());
    }

    [Fact]
    public async Task An_answer_is_kept_up_to_its_bound()
    {
        await using var receiver = await WebhookReceiver.StartAsync((_, context) => context.Response.WriteAsync(new string('x', 100_000), Cancellation), Cancellation);
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, "message.received", receiver.Url());
        await TalkAsync(tenant.Client);

        var delivery = await DeliveryAsync(tenant.Client, id, delivery => Text(delivery, "status") == "delivered");

        Assert.Equal(new string('x', KeptAnswer), Text(delivery, "responseBody"));
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(307)]
    public async Task A_redirect_is_a_failure_and_is_not_followed(int status)
    {
        await using var elsewhere = await StartReceiverAsync();
        await using var receiver = await WebhookReceiver.StartAsync(
            (_, context) =>
            {
                context.Response.StatusCode = status;
                context.Response.Headers.Location = elsewhere.Url();
                return Task.CompletedTask;
            },
            Cancellation);
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, "message.received", receiver.Url());
        await TalkAsync(tenant.Client);

        var waiting = await DeliveryAsync(tenant.Client, id, delivery => delivery.GetProperty("attempts").GetInt32() == 1);

        Assert.Equal(("pending", status), (Text(waiting, "status"), waiting.GetProperty("responseStatus").GetInt32()));
        Assert.Empty(elsewhere.Received);
    }

    [Fact]
    public async Task A_receiver_that_is_gone_disables_its_webhook_and_what_waits_has_failed()
    {
        await using var receiver = await WebhookReceiver.StartAsync(webhook => Text(webhook.Data, "content") == "gone" ? 410 : 500, Cancellation);
        await using var other = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, "message.received", receiver.Url());
        await CreateAsync(tenant.Client, "message.received", other.Url());
        await TalkAsync(tenant.Client, "first");
        await DeliveryAsync(tenant.Client, id, delivery => delivery.GetProperty("attempts").GetInt32() == 1);

        await TalkAsync(tenant.Client, "gone");
        var webhook = await Eventually.IsAsync(() => WebhookAsync(tenant.Client, id), webhook => !webhook.GetProperty("enabled").GetBoolean(), Cancellation);
        await TalkAsync(tenant.Client, "after");
        await other.WaitAsync(3, _ => true, Cancellation);

        Assert.Equal(("gone", 0), (Text(webhook, "disabledReason"), webhook.GetProperty("pending").GetInt32()));
        Assert.DoesNotContain(receiver.Received, received => Text(received.Data, "content") == "after");
        var deliveries = await DeliveriesAsync(tenant.Client, id);
        Assert.All(deliveries, delivery => Assert.Equal("failed", Text(delivery, "status")));
        Assert.All(deliveries, delivery => Assert.False(HasValue(delivery, "nextAttemptAt"), delivery.GetRawText()));
        Assert.Contains(deliveries, delivery => delivery.GetProperty("responseStatus").GetInt32() == 410);
        ErrorAssert.IsConflict(await TryReplayAsync(tenant.Client, id, DeliveryOf(deliveries[0])));
        ErrorAssert.IsConflict(await TryTestAsync(tenant.Client, id));
    }

    [Fact]
    public async Task A_delivery_that_is_replayed_comes_again_the_same()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, "message.received", receiver.Url());
        await TalkAsync(tenant.Client);
        var delivery = await DeliveryAsync(tenant.Client, id, delivery => Text(delivery, "status") == "delivered");

        var replayed = await TryReplayAsync(tenant.Client, id, DeliveryOf(delivery));
        var attempts = await receiver.WaitAsync(2, _ => true, Cancellation);
        var again = await DeliveryAsync(tenant.Client, id, again => Text(again, "status") == "delivered");

        SessionCalls.Require(replayed, 202);
        Assert.Equal(
            (DeliveryOf(delivery), Text(delivery, "eventId"), "pending", 0),
            (replayed.Text("deliveryId"), replayed.Text("eventId"), replayed.Text("status"), replayed.Json.GetProperty("attempts").GetInt32()));
        Assert.Equal(attempts[0].Body, attempts[1].Body);
        Assert.Equal(KeyOf(attempts[0]), KeyOf(attempts[1]));
        Assert.True(attempts[1].IsSignedWith(Secret));
        Assert.Equal((DeliveryOf(delivery), 1), (DeliveryOf(again), again.GetProperty("attempts").GetInt32()));
    }

    [Fact]
    public async Task A_delivery_that_waits_for_its_next_attempt_is_replayed_at_once()
    {
        var refusals = 1;
        await using var receiver = await WebhookReceiver.StartAsync(_ => Interlocked.Decrement(ref refusals) < 0 ? 200 : 500, Cancellation);
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, "message.received", receiver.Url());
        await TalkAsync(tenant.Client);
        var waiting = await DeliveryAsync(tenant.Client, id, delivery => delivery.GetProperty("attempts").GetInt32() == 1);

        SessionCalls.Require(await TryReplayAsync(tenant.Client, id, DeliveryOf(waiting)), 202);
        var delivered = await DeliveryAsync(tenant.Client, id, delivery => Text(delivery, "status") == "delivered");

        Assert.Equal(1, delivered.GetProperty("attempts").GetInt32());
        Assert.True(Shape.Time(delivered, "lastAttemptAt") < Shape.Time(waiting, "nextAttemptAt"), delivered.GetRawText());
        Assert.Equal(2, receiver.Received.Count);
    }

    [Fact]
    public async Task A_webhook_that_is_tested_receives_a_test()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        // Whatever it is for.
        var id = await CreateAsync(tenant.Client, "skill.executed", receiver.Url());

        var tested = SessionCalls.Require(await TryTestAsync(tenant.Client, id), 200);

        var webhook = Assert.Single(receiver.Received);
        Assert.Equal(("webhook.test", tested.Text("eventId")), (webhook.Type, webhook.Id));
        Assert.Equal($$"""{"webhookId":"{{id}}"}""", webhook.Data.GetRawText());
        Assert.True(webhook.IsSignedWith(Secret));
        Assert.Equal(
            ("webhook.test", "delivered", 1, 204),
            (tested.Text("event"), tested.Text("status"), tested.Json.GetProperty("attempts").GetInt32(), tested.Json.GetProperty("responseStatus").GetInt32()));
        Assert.Equal(tested.Text("deliveryId"), DeliveryOf(Assert.Single(await DeliveriesAsync(tenant.Client, id))));
    }

    [Fact]
    public async Task A_test_that_is_refused_says_so()
    {
        await using var receiver = await WebhookReceiver.StartAsync(_ => 418, Cancellation);
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, "*", receiver.Url());

        var tested = SessionCalls.Require(await TryTestAsync(tenant.Client, id), 200);

        Assert.Equal(
            ("pending", 1, 418), (tested.Text("status"), tested.Json.GetProperty("attempts").GetInt32(), tested.Json.GetProperty("responseStatus").GetInt32()));
    }

    [Fact]
    public async Task A_test_is_of_its_webhook_alone()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, "*", receiver.Url("/tested"));
        await CreateAsync(tenant.Client, "*", receiver.Url("/other"));

        SessionCalls.Require(await TryTestAsync(tenant.Client, id), 200);
        await TalkAsync(tenant.Client);
        await receiver.WaitAsync(1, webhook => webhook.Path == "/other" && webhook.Type == "message.sent", Cancellation);

        Assert.DoesNotContain(receiver.Received, webhook => webhook.Path == "/other" && webhook.Type == "webhook.test");
    }

    [Fact]
    public async Task Deliveries_come_in_pages_the_latest_first()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, "message.received", receiver.Url());
        var session = await tenant.Client.CreateSessionAsync(Cancellation);
        for (var number = 0; number < 5; number++)
            SessionCalls.Require(await tenant.Client.SendMessageAsync(session, $"{number}", Cancellation), 200);
        var received = await receiver.WaitAsync(5, _ => true, Cancellation);

        var whole = (await DeliveriesAsync(tenant.Client, id)).ConvertAll(delivery => Text(delivery, "eventId"));

        Assert.Equal(received.Reverse().Select(webhook => webhook.Id), whole);
        foreach (var limit in new[] { 1, 2, 5 })
            Assert.Equal(whole, (await DeliveriesAsync(tenant.Client, id, limit)).Select(delivery => Text(delivery, "eventId")));
    }

    [Theory]
    [InlineData("hook-00000000000000000000000000000000", "del-0")]
    [InlineData("x", "x")]
    [InlineData("a%20b", "a%20b")]
    public async Task Ids_that_never_were_are_not_found(string webhookId, string deliveryId)
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, "*", NobodyThere);

        Assert.All(
            new[]
            {
                await TryGetAsync(tenant.Client, webhookId), await TryDeleteAsync(tenant.Client, webhookId), await TryListAsync(tenant.Client, webhookId),
                await TryTestAsync(tenant.Client, webhookId), await TryGetDeliveryAsync(tenant.Client, id, deliveryId), await TryReplayAsync(tenant.Client, id, deliveryId),
            },
            ErrorAssert.IsNotFound);
    }
}
