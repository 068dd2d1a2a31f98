using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Webhooks;
using OpenClaw.Grains.Egress;
using OpenClaw.Grains.Tests.Egress;
using OpenClaw.Grains.Webhooks;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Grains.Tests.Webhooks;

/// <summary>The library of Standard Webhooks (npm <c>standardwebhooks</c>) verifies what is sent.</summary>
public sealed class StandardWebhooksTests
{
    private const string Verify = """
        const { Webhook } = require(process.argv[1]);
        const [, , secret, id, timestamp, signature] = process.argv;
        const chunks = [];
        process.stdin.on('data', chunk => chunks.push(chunk)).on('end', () => {
          const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
          const webhook = secret.startsWith('whsec_') ? new Webhook(secret) : new Webhook(Buffer.from(secret, 'utf8'), { format: 'raw' });
          console.log(JSON.stringify(webhook.verify(Buffer.concat(chunks).toString('utf8'), headers)));
        });
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Secrets => [WebhookSecret.Generate(), "your-webhook-secret", "密钥 🔑"];

    [Theory]
    [MemberData(nameof(Secrets))]
    public async Task A_delivery_is_verified(string secret)
    {
        var received = await DeliverAsync(secret, """{"id":"evt-1","data":{"content":"你好 👋"}}""");

        var (exitCode, output) = await VerifyAsync(secret, received, received.Body);

        Assert.Equal((0, Encoding.UTF8.GetString(received.Body)), (exitCode, output.Trim()));
    }

    [Theory]
    [MemberData(nameof(Secrets))]
    public async Task What_was_changed_on_its_way_is_not(string secret)
    {
        var received = await DeliverAsync(secret, """{"id":"evt-1","data":{"amount":1}}""");

        var (exitCode, output) = await VerifyAsync(secret, received, Encoding.UTF8.GetBytes("""{"id":"evt-1","data":{"amount":2}}"""));

        Assert.NotEqual(0, exitCode);
        Assert.Contains("WebhookVerificationError", output);
    }

    private static async Task<Received> DeliverAsync(string secret, string body)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var policy = new EgressPolicy(Options.Create(new EgressOptions { AllowPrivateNetworks = true }), new FakeNetwork(receiver.Port));
        using var sender = new WebhookSender(policy, TimeProvider.System);
        var answer = await sender.SendAsync(new Uri(receiver.Url), WebhookSecret.KeyOf(secret)!, "evt-1", Encoding.UTF8.GetBytes(body), Cancellation);
        Assert.Null(answer.Failure);
        return await receiver.NextAsync();
    }

    private static async Task<(int ExitCode, string Output)> VerifyAsync(string secret, Received received, byte[] body)
    {
        var library = Path.Combine(NpmClients.Modules, "standardwebhooks");
        var start = new ProcessStartInfo("node", ["-e", Verify, library, secret, received.Id, received.Timestamp, received.Signature])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = process.StandardError.ReadToEndAsync(Cancellation);
        await process.StandardInput.BaseStream.WriteAsync(body, Cancellation);
        process.StandardInput.Close();
        await process.WaitForExitAsync(Cancellation);
        return (process.ExitCode, await output + await errors);
    }
}
