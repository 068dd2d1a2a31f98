using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Limits;

/// <summary>A hundred messages in a sliding minute for each tenant, exactly.</summary>
public abstract class MessageLimitTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : MessageLimitTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : MessageLimitTests(servers.OnPostgres);

    [Fact]
    public async Task The_limit_is_exact_however_many_send_at_once()
    {
        using var tenant = await NewTenantAsync();
        var ids = new List<string>();
        for (var i = 0; i < 10; i++)
            ids.Add(await tenant.Client.CreateSessionAsync(Cancellation));

        var responses = await Task.WhenAll(
            Enumerable.Range(0, 130).Select(i => tenant.Client.SendMessageAsync(ids[i % ids.Count], $"hello {i}", Cancellation)));
        Assert.Equal(100, responses.Count(response => response.Status == 200));
        var refused = responses.Where(response => response.Status == 429).ToList();
        Assert.Equal(30, refused.Count);
        Assert.All(refused, response => ErrorAssert.IsRateLimited(response, 100));
    }

    [Fact]
    public async Task Streamed_and_other_messages_count_together_and_one_tenant_leaves_another_alone()
    {
        using var tenant = await NewTenantAsync();
        using var other = await NewTenantAsync();
        await tenant.LimitMessagesAsync(4, Cancellation);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        for (var i = 0; i < 2; i++)
        {
            SessionCalls.Require(await tenant.Client.SendMessageAsync(id, "hello", Cancellation), 200);
            await using var stream = await tenant.Client.StreamMessageAsync(id, "hello", Cancellation);
            await stream.ReadToEndAsync(Cancellation);
        }

        ErrorAssert.IsRateLimited(await tenant.Client.SendMessageAsync(id, "hello", Cancellation), 4);
        ErrorAssert.IsRateLimited(
            await tenant.Client.PostAsync($"/api/sessions/{id}/messages/stream", new { content = "hello" }, Cancellation), 4);
        var foreign = await other.Client.CreateSessionAsync(Cancellation);
        Assert.Equal(200, (await other.Client.SendMessageAsync(foreign, "hello", Cancellation)).Status);
    }

    [Fact]
    public async Task What_is_invalid_counts_too()
    {
        using var tenant = await NewTenantAsync();
        await tenant.LimitMessagesAsync(4, Cancellation);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        ErrorAssert.IsInvalid(await tenant.Client.SendMessageAsync(id, "", Cancellation));
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync($"/api/sessions/{id}/messages", "{", Cancellation));
        ErrorAssert.IsInvalid(await tenant.Client.PostAsync($"/api/sessions/{id}/messages/stream", """{"content":5}""", Cancellation));
        ErrorAssert.IsNotFound(await tenant.Client.SendMessageAsync("sess-none", "hello", Cancellation));
        ErrorAssert.IsRateLimited(await tenant.Client.SendMessageAsync(id, "hello", Cancellation), 4);
    }

    [Fact]
    public async Task What_is_not_authenticated_does_not_count()
    {
        using var tenant = await NewTenantAsync();
        await tenant.LimitMessagesAsync(1, Cancellation);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        using var nobody = tenant.ClientWith("wrong");
        for (var i = 0; i < 5; i++)
            ErrorAssert.IsUnauthorized(await nobody.SendMessageAsync(id, "hello", Cancellation));
        Assert.Equal(200, (await tenant.Client.SendMessageAsync(id, "hello", Cancellation)).Status);
    }

    [Fact]
    public async Task What_is_replayed_does_not_count()
    {
        using var tenant = await NewTenantAsync();
        await tenant.LimitMessagesAsync(3, Cancellation);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        SessionCalls.Require(await tenant.Client.SendMessageAsync(id, "hello", Cancellation, null, ("Idempotency-Key", "k")), 200);
        for (var i = 0; i < 10; i++)
        {
            var replay = await tenant.Client.SendMessageAsync(id, "hello", Cancellation, null, ("Idempotency-Key", "k"));
            Assert.Equal("true", SessionCalls.Require(replay, 200).Header("Idempotent-Replayed"));
        }

        SessionCalls.Require(await tenant.Client.SendMessageAsync(id, "hello", Cancellation), 200);
        SessionCalls.Require(await tenant.Client.SendMessageAsync(id, "hello", Cancellation), 200);
        ErrorAssert.IsRateLimited(await tenant.Client.SendMessageAsync(id, "hello", Cancellation), 3);
        var after = await tenant.Client.SendMessageAsync(id, "hello", Cancellation, null, ("Idempotency-Key", "k"));
        Assert.Equal("true", SessionCalls.Require(after, 200).Header("Idempotent-Replayed"));
    }

    [Fact]
    public async Task Reading_and_creating_sessions_is_not_limited()
    {
        using var tenant = await NewTenantAsync();
        await tenant.LimitMessagesAsync(1, Cancellation);
        for (var i = 0; i < 5; i++)
        {
            var id = await tenant.Client.CreateSessionAsync(Cancellation);
            Assert.Equal(200, (await tenant.Client.GetSessionAsync(id, Cancellation)).Status);
        }
    }
}
