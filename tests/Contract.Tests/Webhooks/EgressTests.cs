using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Webhooks;

/// <summary>A server as it is without settings: it sends nothing to a private address.</summary>
public sealed class EgressTests(Servers servers) : WebhookTest(servers.OnSqlite)
{
    [Fact]
    public async Task A_private_address_is_refused_where_it_is_given_and_where_it_is_sent_to()
    {
        await using var receiver = await StartReceiverAsync();
        var data = Directory.CreateTempSubdirectory("openclaw-webhooks-").FullName;
        try
        {
            var settings = new ServerSettings { DataDirectory = data };
            string id, key;
            await using (var open = await ServerProcess.StartAsync(
                             settings with { Environment = new Dictionary<string, string> { ["OpenClaw__Egress__AllowPrivateNetworks"] = "true" } }, Cancellation))
            {
                using var tenant = await TestTenant.CreateAsync(open, Cancellation);
                key = tenant.Key;
                id = await CreateAsync(tenant.Client, "message.received", receiver.Url());
                Assert.Equal(0, await open.StopAsync(Cancellation));
            }

            await using var guarded = await ServerProcess.StartAsync(settings, Cancellation);
            using var client = guarded.CreateClient(key);
            await TalkAsync(client);
            var waiting = await DeliveryAsync(client, id, delivery => delivery.GetProperty("attempts").GetInt32() >= 1);
            Assert.False(string.IsNullOrWhiteSpace(Text(waiting, "error")), waiting.GetRawText());
            Assert.False(HasValue(waiting, "responseStatus"), waiting.GetRawText());
            Assert.Empty(receiver.Received);

            var port = new Uri(receiver.Url()).Port;
            foreach (var host in new[] { "127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254" })
                ErrorAssert.IsInvalid(await TryCreateAsync(client, new { @event = "*", url = $"http://{host}:{port}/hook" }), "url");
            Assert.Single(await WebhooksAsync(client));
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }
}
