using OpenClaw.Contract.Tests.Support;
using OpenClaw.Contract.Tests.Webhooks;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Reference;

/// <summary>The reference's section Webhook API, with a receiver of this machine's in the place of the one on the Internet.</summary>
public abstract class WebhookReferenceTests(DatabaseServers servers) : WebhookTest(servers)
{
    public sealed class OnSqlite(Servers servers) : WebhookReferenceTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : WebhookReferenceTests(servers.OnPostgres);

    private const string CreateBody = """
        {
          "event": "message.received",
          "url": "https://your-server.com/webhook",
          "secret": "your-webhook-secret"
        }
        """;

    private static string BodyOf(string @event, string url) => CreateBody
        .Replace("https://your-server.com/webhook", url, StringComparison.Ordinal)
        .Replace("message.received", @event, StringComparison.Ordinal);

    [Fact]
    public async Task 配置_Webhook()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();

        var created = await tenant.Client.PostAsync("/api/webhooks", BodyOf("message.received", receiver.Url("/webhook")), Cancellation);
        await TalkAsync(tenant.Client, "你好");

        SessionCalls.Require(created, 201);
        var id = created.Text("webhookId");
        Assert.Matches("^hook-[0-9a-f]{32}$", id);
        Assert.Equal($"/api/webhooks/{id}", created.Header("Location"));
        Shape.IsRecentTime(created.Json.GetProperty("createdAt"));
        Assert.Equal(
            $$"""{"webhookId":"{{id}}","event":"message.received","url":"{{receiver.Url("/webhook")}}","createdAt":"{{created.Text("createdAt")}}"}""",
            created.Body);
        var received = await receiver.WaitForAsync("message.received", Cancellation);
        Assert.Equal(("POST", "/webhook"), (received.Method, received.Path));
        Assert.Equal("你好", Text(received.Data, "content"));
        Assert.True(received.IsSignedWith("your-webhook-secret"), received.ToString());
    }

    /// <summary>收到新消息, 消息已发送, 技能已执行, 任务已完成, 发生错误: each is received by the webhook that is for it, and by no other.</summary>
    [Fact]
    public async Task Webhook_事件()
    {
        string[] events = ["message.received", "message.sent", "skill.executed", "task.completed", "error.occurred"];
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        await InstallEchoAsync(tenant.Client);
        foreach (var name in events)
            SessionCalls.Require(await tenant.Client.PostAsync("/api/webhooks", BodyOf(name, receiver.Url($"/{name}")), Cancellation), 201);

        await TalkAsync(tenant.Client);
        SessionCalls.Require(
            await tenant.Client.PostAsync("/api/skills/echo/execute", new { action = "say", @params = new { text = "hello" } }, Cancellation), 200);
        await RunTaskAsync(tenant.Client, new { type = "skill", name = "not-there", @params = new { } });

        foreach (var name in events) Assert.Equal($"/{name}", (await receiver.WaitForAsync(name, Cancellation)).Path);
        Assert.All(receiver.Received, webhook => Assert.Equal($"/{webhook.Type}", webhook.Path));
    }
}
