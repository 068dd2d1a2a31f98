using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Tasks;

/// <summary>How many tasks a tenant may have.</summary>
public sealed class TaskLimitTests(Servers servers) : TaskTest(servers.OnSqlite)
{
    [Fact]
    public async Task A_tenant_has_as_many_tasks_as_the_operator_allows_and_a_deleted_one_makes_room()
    {
        await using var server = await ServerProcess.StartAsync(
            new ServerSettings { Environment = new Dictionary<string, string> { ["OpenClaw__Tasks__MaxTasks"] = "2" } }, Cancellation);
        using var tenant = await TestTenant.CreateAsync(server, Cancellation);
        using var other = await TestTenant.CreateAsync(server, Cancellation);
        var ids = new[] { await CreateAsync(tenant.Client, Body(Message())), await CreateAsync(tenant.Client, Body(Message())) };

        ErrorAssert.IsConflict(await TryCreateAsync(tenant.Client, Body(Message())));
        Assert.Equal(2, (await tenant.Client.ListAsync("/api/tasks", "tasks", Cancellation)).Count);
        await CreateAsync(other.Client, Body(Message()));

        SessionCalls.Require(await TryDeleteAsync(tenant.Client, ids[0]), 200);
        await CreateAsync(tenant.Client, Body(Message()));
        ErrorAssert.IsConflict(await TryCreateAsync(tenant.Client, Body(Message())));
    }
}
