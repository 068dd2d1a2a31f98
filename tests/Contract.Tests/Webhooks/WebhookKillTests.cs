using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Servers;
using OpenClaw.Testing.Webhooks;

namespace OpenClaw.Contract.Tests.Webhooks;

/// <summary>Events of a server that is killed before it has delivered them.</summary>
public abstract class WebhookKillTests(DatabaseServers servers) : WebhookTest(servers)
{
    public sealed class OnSqlite(Servers servers) : WebhookKillTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : WebhookKillTests(servers.OnPostgres);

    private Task<ServerProcess> StartAsync() => ServerProcess.StartAsync(
        new ServerSettings
        {
            Database = Servers.Database,
            Environment = new Dictionary<string, string> { ["OpenClaw__Egress__AllowPrivateNetworks"] = "true" },
        },
        Cancellation);

    /// <summary>A receiver that comes up only after the kill: what it receives was recorded before.</summary>
    [Fact]
    public async Task What_was_not_delivered_when_the_server_was_killed_is_delivered_when_it_is_back()
    {
        var port = FreePorts.Take();
        await using var server = await StartAsync();
        using var client = server.CreateAdminClient();
        var id = await CreateAsync(client, "*", $"http://127.0.0.1:{port}/hook");
        await TalkAsync(client, "before the kill");
        var known = await DeliveriesAsync(client, id, deliveries => deliveries.Count == 2);

        server.Kill();
        await using var receiver = await WebhookReceiver.StartAsync(Cancellation, port);
        await server.RestartAsync(Cancellation);

        var received = await receiver.WaitAsync(2, _ => true, Cancellation);
        Assert.Equal(known.Select(delivery => Text(delivery, "eventId")).Order(StringComparer.Ordinal), received.Select(webhook => webhook.Id).Order(StringComparer.Ordinal));
        Assert.Equal("before the kill", Text(Assert.Single(received, webhook => webhook.Type == "message.received").Data, "content"));
        Assert.All(received, webhook => Assert.True(webhook.IsSignedWith(Secret)));
        using var again = server.CreateAdminClient();
        var delivered = await DeliveriesAsync(again, id, deliveries => deliveries.TrueForAll(delivery => Text(delivery, "status") == "delivered"));
        Assert.Equal(known.Select(delivery => Text(delivery, "deliveryId")), delivered.Select(delivery => Text(delivery, "deliveryId")));
    }

    /// <summary>The kill follows the answers so closely that few of the events have left.</summary>
    [Fact]
    public async Task What_was_answered_right_before_the_kill_is_told_of()
    {
        const int messages = 8;
        await using var receiver = await StartReceiverAsync();
        await using var server = await StartAsync();
        using var client = server.CreateAdminClient();
        await CreateAsync(client, "message.received", receiver.Url());
        var sessions = await Task.WhenAll(Enumerable.Range(0, messages).Select(number => TalkAsync(client, $"{number}")));

        server.Kill();
        await server.RestartAsync(Cancellation);

        foreach (var session in sessions)
            await receiver.WaitAsync(1, webhook => Text(webhook.Data, "sessionId") == session, Cancellation);
        // At least once: what comes twice is the same event.
        Assert.Equal(messages, receiver.Received.Select(webhook => webhook.Id).Distinct().Count());
        Assert.All(receiver.Received.GroupBy(webhook => webhook.Id), same => Assert.All(same, webhook => Assert.Equal(same.First().Body, webhook.Body)));
    }

    [Fact]
    public async Task Webhooks_and_deliveries_are_there_after_a_kill()
    {
        await using var receiver = await StartReceiverAsync();
        await using var server = await StartAsync();
        using var client = server.CreateAdminClient();
        var id = await CreateAsync(client, "message.received", receiver.Url());
        await TalkAsync(client);
        await DeliveryAsync(client, id, delivery => Text(delivery, "status") == "delivered");
        var webhook = (await TryGetAsync(client, id)).Body;
        var deliveries = (await TryListAsync(client, id)).Body;

        server.Kill();
        await server.RestartAsync(Cancellation);

        using var again = server.CreateAdminClient();
        Assert.Equal(webhook, (await TryGetAsync(again, id)).Body);
        Assert.Equal(deliveries, (await TryListAsync(again, id)).Body);
        await TalkAsync(again, "afterwards");
        var afterwards = await receiver.WaitAsync(1, received => Text(received.Data, "content") == "afterwards", Cancellation);
        Assert.True(afterwards[0].IsSignedWith(Secret));
    }
}
