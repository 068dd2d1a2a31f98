using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Reference;

/// <summary>The reference's section 速率限制.</summary>
public abstract class RateLimitReferenceTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : RateLimitReferenceTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : RateLimitReferenceTests(servers.OnPostgres);

    [Fact]
    public async Task A_tenant_may_send_a_hundred_messages_a_minute()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        for (var i = 0; i < 100; i++)
            SessionCalls.Require(await tenant.Client.SendMessageAsync(id, $"你好 {i}", Cancellation), 200);

        var refused = await tenant.Client.SendMessageAsync(id, "你好", Cancellation, null, ("Accept-Language", "zh-CN"));
        ErrorAssert.IsRateLimited(refused, 100);
        Assert.Equal("请求频率超限,请稍后重试", refused.Text("error", "message"));
    }
}
