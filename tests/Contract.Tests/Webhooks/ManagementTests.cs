using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Webhooks;

/// <summary>Webhooks that are created, listed and deleted.</summary>
public abstract class ManagementTests(DatabaseServers servers) : WebhookTest(servers)
{
    /// <summary>Webhooks that a tenant may have.</summary>
    private const int MaxWebhooks = 50;

    public sealed class OnSqlite(Servers servers) : ManagementTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : ManagementTests(servers.OnPostgres);

    /// <summary>A secret of so many bytes.</summary>
    private static string KeyOf(int bytes) => "whsec_" + Convert.ToBase64String(new byte[bytes]);

    [Theory]
    [InlineData("message.received")]
    [InlineData("message.sent")]
    [InlineData("skill.executed")]
    [InlineData("task.completed")]
    [InlineData("error.occurred")]
    [InlineData("*")]
    public async Task A_webhook_is_for_one_kind_of_events_or_for_all(string @event)
    {
        using var tenant = await NewTenantAsync();

        var id = await CreateAsync(tenant.Client, @event, NobodyThere);

        var webhook = await WebhookAsync(tenant.Client, id);
        Shape.Has(webhook, "webhookId", "event", "url", "enabled", "createdAt", "pending");
        Assert.Equal((id, @event, NobodyThere, true, 0), (Text(webhook, "webhookId"), Text(webhook, "event"), Text(webhook, "url"), webhook.GetProperty("enabled").GetBoolean(), webhook.GetProperty("pending").GetInt32()));
        Assert.False(HasValue(webhook, "disabledReason"), webhook.GetRawText());
    }

    [Fact]
    public async Task A_secret_is_never_shown_again()
    {
        using var tenant = await NewTenantAsync();
        const string secret = "what-only-the-receiver-knows";
        var created = await TryCreateAsync(tenant.Client, new { @event = "*", url = NobodyThere, secret });
        var id = SessionCalls.Require(created, 201).Text("webhookId")!;

        var test = await TryTestAsync(tenant.Client, id);

        foreach (var answer in new[]
                 {
                     created, await TryGetAsync(tenant.Client, id), await tenant.Client.GetAsync("/api/webhooks", Cancellation), test,
                     await TryListAsync(tenant.Client, id), await TryGetDeliveryAsync(tenant.Client, id, test.Text("deliveryId")!),
                 })
        {
            Assert.True(answer.Status is 200 or 201, answer.ToString());
            Assert.DoesNotContain(secret, answer.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_secret_that_nobody_chose_is_made_and_shown_once()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();

        var created = SessionCalls.Require(await TryCreateAsync(tenant.Client, new { @event = "message.received", url = receiver.Url() }, ("Idempotency-Key", "w")), 201);
        var again = SessionCalls.Require(await TryCreateAsync(tenant.Client, new { @event = "message.received", url = receiver.Url() }, ("Idempotency-Key", "w")), 201);
        await TalkAsync(tenant.Client);

        var secret = created.Text("secret")!;
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        Assert.Equal(32, Convert.FromBase64String(secret["whsec_".Length..]).Length);
        Assert.True((await receiver.WaitForAsync("message.received", Cancellation)).IsSignedWith(secret));
        Assert.Equal(("true", created.Text("webhookId")), (again.Header("Idempotent-Replayed"), again.Text("webhookId")));
        Assert.False(HasValue(again.Json, "secret"), again.ToString());
        Assert.DoesNotContain(secret, (await TryGetAsync(tenant.Client, created.Text("webhookId")!)).Body, StringComparison.Ordinal);
        Assert.Single(await WebhooksAsync(tenant.Client));
    }

    [Fact]
    public async Task Another_webhook_under_the_same_key_is_a_conflict()
    {
        using var tenant = await NewTenantAsync();
        SessionCalls.Require(await TryCreateAsync(tenant.Client, new { @event = "*", url = NobodyThere, secret = Secret }, ("Idempotency-Key", "w")), 201);

        ErrorAssert.IsConflict(await TryCreateAsync(tenant.Client, new { @event = "message.sent", url = NobodyThere, secret = Secret }, ("Idempotency-Key", "w")));

        Assert.Single(await WebhooksAsync(tenant.Client));
    }

    [Theory]
    [InlineData("""{"url":"http://127.0.0.1:9/"}""", "event")]
    [InlineData("""{"event":"","url":"http://127.0.0.1:9/"}""", "event")]
    [InlineData("""{"event":"message","url":"http://127.0.0.1:9/"}""", "event")]
    [InlineData("""{"event":"task.started","url":"http://127.0.0.1:9/"}""", "event")]
    [InlineData("""{"event":"webhook.test","url":"http://127.0.0.1:9/"}""", "event")]
    [InlineData("""{"event":"MESSAGE.RECEIVED","url":"http://127.0.0.1:9/"}""", "event")]
    [InlineData("""{"event":5,"url":"http://127.0.0.1:9/"}""", "event")]
    [InlineData("""{"event":"*"}""", "url")]
    [InlineData("""{"event":"*","url":""}""", "url")]
    [InlineData("""{"event":"*","url":"/hook"}""", "url")]
    [InlineData("""{"event":"*","url":"your-server.com/webhook"}""", "url")]
    [InlineData("""{"event":"*","url":"ftp://127.0.0.1/hook"}""", "url")]
    [InlineData("""{"event":"*","url":"file:///etc/passwd"}""", "url")]
    [InlineData("""{"event":"*","url":5}""", "url")]
    [InlineData("""{"event":"*","url":"http://169.254.169.254/latest/meta-data"}""", "url")]
    [InlineData("""{"event":"*","url":"http://no-such-host.invalid/hook"}""", "url")]
    [InlineData("""{"event":"*","url":"http://127.0.0.1:9/","secret":""}""", "secret")]
    [InlineData("""{"event":"*","url":"http://127.0.0.1:9/","secret":5}""", "secret")]
    [InlineData("""{"event":"*","url":"http://127.0.0.1:9/","secret":"line\nbreak"}""", "secret")]
    [InlineData("""{"event":"*","url":"http://127.0.0.1:9/","secret":"whsec_"}""", "secret")]
    [InlineData("""{"event":"*","url":"http://127.0.0.1:9/","secret":"whsec_no base64!"}""", "secret")]
    public async Task What_a_webhook_cannot_be_created_from_is_named(string body, string field)
    {
        using var tenant = await NewTenantAsync();

        ErrorAssert.IsInvalid(await TryCreateAsync(tenant.Client, body), field);

        Assert.Empty(await WebhooksAsync(tenant.Client));
    }

    [Fact]
    public async Task Secrets_have_their_bounds()
    {
        using var tenant = await NewTenantAsync();
        foreach (var secret in new[] { "s", new string('s', 512), KeyOf(24), KeyOf(64) })
            await CreateAsync(tenant.Client, "*", NobodyThere, secret);

        foreach (var secret in new[] { new string('s', 513), KeyOf(23), KeyOf(65) })
            ErrorAssert.IsInvalid(await TryCreateAsync(tenant.Client, new { @event = "*", url = NobodyThere, secret }), "secret");
    }

    [Fact]
    public async Task Pages_of_webhooks_are_the_whole_of_them()
    {
        using var tenant = await NewTenantAsync();
        var ids = new List<string>();
        for (var number = 0; number < 5; number++) ids.Add(await CreateAsync(tenant.Client, "*", NobodyThere));

        var whole = (await WebhooksAsync(tenant.Client)).ConvertAll(webhook => Text(webhook, "webhookId"));

        Assert.Equal(ids.Order(StringComparer.Ordinal), whole.Order(StringComparer.Ordinal));
        foreach (var limit in new[] { 1, 2, 5 })
            Assert.Equal(whole, (await WebhooksAsync(tenant.Client, limit)).Select(webhook => Text(webhook, "webhookId")));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("cursor=not-a-cursor", "cursor")]
    public async Task A_page_that_cannot_be_is_refused(string query, string field)
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, "*", NobodyThere);

        ErrorAssert.IsInvalid(await tenant.Client.GetAsync($"/api/webhooks?{query}", Cancellation), field);
        ErrorAssert.IsInvalid(await TryListAsync(tenant.Client, id, $"?{query}"), field);
    }

    [Fact]
    public async Task A_webhook_that_is_deleted_is_gone_with_its_deliveries_and_receives_no_more()
    {
        await using var receiver = await StartReceiverAsync();
        using var tenant = await NewTenantAsync();
        var gone = await CreateAsync(tenant.Client, "message.received", receiver.Url("/gone"));
        await CreateAsync(tenant.Client, "message.received", receiver.Url("/kept"));
        await TalkAsync(tenant.Client, "before");
        await receiver.WaitAsync(2, _ => true, Cancellation);
        var delivery = Text((await DeliveriesAsync(tenant.Client, gone))[0], "deliveryId");

        var deleted = await TryDeleteAsync(tenant.Client, gone);
        await TalkAsync(tenant.Client, "after");
        await receiver.WaitAsync(1, webhook => webhook.Path == "/kept" && Text(webhook.Data, "content") == "after", Cancellation);

        Assert.Equal((200, $$"""{"webhookId":"{{gone}}","status":"deleted"}"""), (deleted.Status, deleted.Body));
        Assert.Single(receiver.Received, webhook => webhook.Path == "/gone");
        Assert.All(
            new[]
            {
                await TryGetAsync(tenant.Client, gone), await TryDeleteAsync(tenant.Client, gone), await TryListAsync(tenant.Client, gone), await TryTestAsync(tenant.Client, gone),
                await TryGetDeliveryAsync(tenant.Client, gone, delivery), await TryReplayAsync(tenant.Client, gone, delivery),
            },
            ErrorAssert.IsNotFound);
        Assert.Single(await WebhooksAsync(tenant.Client));
    }

    [Fact]
    public async Task A_tenant_has_fifty_webhooks_and_a_deleted_one_makes_room()
    {
        using var tenant = await NewTenantAsync();
        using var other = await NewTenantAsync();
        var ids = new List<string>();
        for (var number = 0; number < MaxWebhooks; number++) ids.Add(await CreateAsync(tenant.Client, "error.occurred", NobodyThere));

        ErrorAssert.IsConflict(await TryCreateAsync(tenant.Client, new { @event = "*", url = NobodyThere }));
        await CreateAsync(other.Client, "*", NobodyThere);
        SessionCalls.Require(await TryDeleteAsync(tenant.Client, ids[7]), 200);

        await CreateAsync(tenant.Client, "*", NobodyThere);
        Assert.Equal(MaxWebhooks, (await WebhooksAsync(tenant.Client)).Count);
    }

    [Fact]
    public async Task Keys_without_the_scope_neither_change_nor_see()
    {
        using var tenant = await NewTenantAsync();
        using var reader = tenant.ClientWith((await tenant.CreateKeyAsync(["read"], Cancellation)).Key);
        using var writer = tenant.ClientWith((await tenant.CreateKeyAsync(["write"], Cancellation)).Key);
        using var nobody = tenant.ClientWith(null);
        var id = await CreateAsync(writer, "*", NobodyThere);
        var delivery = (await TryTestAsync(writer, id)).Text("deliveryId")!;

        Assert.All(await ReadAsync(reader), answer => Assert.True(answer.Status == 200, answer.ToString()));
        Assert.All(await ChangeAsync(reader), ErrorAssert.IsForbidden);
        Assert.All(await ReadAsync(writer), ErrorAssert.IsForbidden);
        Assert.All(await ReadAsync(nobody), ErrorAssert.IsUnauthorized);
        Assert.All(await ChangeAsync(nobody), ErrorAssert.IsUnauthorized);
        SessionCalls.Require(await TryReplayAsync(writer, id, delivery), 202);

        async Task<ApiResponse[]> ReadAsync(ApiClient client) =>
        [
            await client.GetAsync("/api/webhooks", Cancellation), await TryGetAsync(client, id), await TryListAsync(client, id),
            await TryGetDeliveryAsync(client, id, delivery),
        ];

        async Task<ApiResponse[]> ChangeAsync(ApiClient client) =>
        [
            await TryCreateAsync(client, new { @event = "*", url = NobodyThere }), await TryTestAsync(client, id), await TryReplayAsync(client, id, delivery),
            await TryDeleteAsync(client, id),
        ];
    }

    [Fact]
    public async Task Another_tenants_webhook_does_not_exist()
    {
        using var owner = await NewTenantAsync();
        using var other = await NewTenantAsync();
        var theirs = await CreateAsync(owner.Client, "*", NobodyThere);
        var delivery = (await TryTestAsync(owner.Client, theirs)).Text("deliveryId")!;
        var mine = await CreateAsync(other.Client, "*", NobodyThere);

        Assert.All(
            new[]
            {
                await TryGetAsync(other.Client, theirs), await TryListAsync(other.Client, theirs), await TryTestAsync(other.Client, theirs),
                await TryGetDeliveryAsync(other.Client, theirs, delivery), await TryReplayAsync(other.Client, theirs, delivery), await TryDeleteAsync(other.Client, theirs),
                await TryGetDeliveryAsync(other.Client, mine, delivery), await TryReplayAsync(other.Client, mine, delivery),
            },
            ErrorAssert.IsNotFound);

        Assert.Equal([mine], (await WebhooksAsync(other.Client)).Select(webhook => Text(webhook, "webhookId")));
        Assert.Single(await DeliveriesAsync(owner.Client, theirs));
    }
}
