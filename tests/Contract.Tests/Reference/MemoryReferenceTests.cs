using OpenClaw.Contract.Tests.Memory;
using OpenClaw.Contract.Tests.Support;

namespace OpenClaw.Contract.Tests.Reference;

/// <summary>The reference's section 记忆 API.</summary>
public abstract class MemoryReferenceTests(DatabaseServers servers) : MemoryTest(servers)
{
    public sealed class OnSqlite(Servers servers) : MemoryReferenceTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : MemoryReferenceTests(servers.OnPostgres);

    private const string StoreBody = """
        {
          "key": "user-preference",
          "value": {
            "theme": "dark",
            "language": "zh-CN"
          },
          "metadata": {
            "category": "preferences"
          }
        }
        """;

    [Fact]
    public async Task 存储记忆()
    {
        using var tenant = await NewTenantAsync();

        var stored = await tenant.Client.PostAsync("/api/memory", StoreBody, Cancellation);

        Assert.Equal(200, stored.Status);
        Assert.Matches(TimePattern, stored.Text("createdAt"));
        Shape.IsRecentTime(stored.Json.GetProperty("createdAt"));
        Assert.Equal(stored.Text("createdAt"), stored.Text("updatedAt"));
        Assert.Equal(
            $$"""{"key":"user-preference","namespace":"default","status":"stored","createdAt":"{{stored.Text("createdAt")}}","updatedAt":"{{stored.Text("updatedAt")}}","version":1}""",
            stored.Body);
    }

    [Fact]
    public async Task 检索记忆()
    {
        using var tenant = await NewTenantAsync();
        var stored = await StoreAsync(tenant.Client, StoreBody);

        var found = await tenant.Client.GetAsync("/api/memory/search?q=preference&limit=10", Cancellation);

        Assert.Equal(200, found.Status);
        var score = found.Json.GetProperty("results")[0].GetProperty("score");
        Assert.InRange(score.GetDouble(), 0.15, 1);
        Assert.Equal(
            $$"""{"results":[{"key":"user-preference","value":{"theme":"dark","language":"zh-CN"},"score":{{score.GetRawText()}},"metadata":{"category":"preferences"},"createdAt":"{{stored.Text("createdAt")}}","updatedAt":"{{stored.Text("updatedAt")}}"}],"mode":"text","truncated":false}""",
            found.Body);
    }

    [Fact]
    public async Task 检索记忆_that_nobody_stored()
    {
        using var tenant = await NewTenantAsync();

        var found = await tenant.Client.GetAsync("/api/memory/search?q=preference&limit=10", Cancellation);

        Assert.Equal(200, found.Status);
        Assert.Equal("""{"results":[],"mode":"text","truncated":false}""", found.Body);
    }

    [Fact]
    public async Task 删除记忆()
    {
        using var tenant = await NewTenantAsync();
        await StoreAsync(tenant.Client, StoreBody);

        var deleted = await tenant.Client.DeleteAsync("/api/memory/user-preference", Cancellation);

        Assert.Equal(200, deleted.Status);
        Assert.Equal("""{"key":"user-preference","status":"deleted"}""", deleted.Body);
        Assert.Empty(await FoundAsync(tenant.Client, "preference"));
    }
}
