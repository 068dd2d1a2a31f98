using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Tasks;

/// <summary>Who sees, changes and runs what: tenants, scopes.</summary>
public abstract class AccessTests(DatabaseServers servers) : TaskTest(servers)
{
    public sealed class OnSqlite(Servers servers) : AccessTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : AccessTests(servers.OnPostgres);

    private static readonly string[] Skilled = ["skill", "command"];

    private static object ActionOf(string type) => type == "skill" ? Skill("report-generator") : Command("true");

    [Fact]
    public async Task Without_a_key_no_route_answers()
    {
        using var tenant = await NewTenantAsync();
        using var nobody = tenant.ClientWith(null);
        var id = await CreateAsync(tenant.Client, Body(Message()));

        Assert.All(
            new[]
            {
                await TryCreateAsync(nobody, Body(Message())), await nobody.GetAsync("/api/tasks", Cancellation), await TryGetAsync(nobody, id),
                await TryChangeAsync(nobody, id, new { name = "x" }), await TryDeleteAsync(nobody, id), await TryRunAsync(nobody, id), await TryListRunsAsync(nobody, id),
            },
            ErrorAssert.IsUnauthorized);
    }

    [Fact]
    public async Task A_key_that_reads_changes_and_runs_nothing()
    {
        using var tenant = await NewTenantAsync();
        using var reader = await ClientWithAsync(tenant, "read");
        var id = await CreateAsync(tenant.Client, Body(Message()));

        Assert.All(
            new[] { await reader.GetAsync("/api/tasks", Cancellation), await TryGetAsync(reader, id), await TryListRunsAsync(reader, id) },
            answer => Assert.True(answer.Status == 200, answer.ToString()));
        Assert.All(
            new[]
            {
                await TryCreateAsync(reader, Body(Message())), await TryChangeAsync(reader, id, new { name = "x" }), await TryDeleteAsync(reader, id),
                await TryRunAsync(reader, id),
            },
            ErrorAssert.IsForbidden);

        Assert.Equal("a task", Text(await TaskAsync(tenant.Client, id), "name"));
        Assert.Empty(await RunsAsync(tenant.Client, id));
    }

    [Fact]
    public async Task A_key_that_writes_reads_nothing()
    {
        using var tenant = await NewTenantAsync();
        using var writer = await ClientWithAsync(tenant, "write");
        var id = await CreateAsync(writer, Body(Message()));

        Assert.All(
            new[] { await writer.GetAsync("/api/tasks", Cancellation), await TryGetAsync(writer, id), await TryListRunsAsync(writer, id) },
            ErrorAssert.IsForbidden);
        SessionCalls.Require(await TryRunAsync(writer, id), 202);
        SessionCalls.Require(await TryDeleteAsync(writer, id), 200);
    }

    [Fact]
    public async Task What_an_action_executes_needs_the_scope_at_its_creation()
    {
        using var tenant = await NewTenantAsync();
        using var writer = await ClientWithAsync(tenant, "write");
        using var executor = await ClientWithAsync(tenant, "execute");

        foreach (var type in Skilled)
        {
            ErrorAssert.IsForbidden(await TryCreateAsync(writer, Body(ActionOf(type))));
            ErrorAssert.IsForbidden(await TryCreateAsync(executor, Body(ActionOf(type))));
        }

        Assert.Empty(await tenant.Client.ListAsync("/api/tasks", "tasks", Cancellation));
        using var both = await ClientWithAsync(tenant, "write", "execute");
        foreach (var type in Skilled) SessionCalls.Require(await TryCreateAsync(both, Body(ActionOf(type))), 201);
    }

    [Fact]
    public async Task Whoever_may_not_execute_neither_runs_nor_resumes_nor_gives_a_task_such_an_action()
    {
        using var tenant = await NewTenantAsync();
        using var writer = await ClientWithAsync(tenant, "write");
        var command = await CreateAsync(tenant.Client, Body(Command("true")));
        var message = await CreateAsync(tenant.Client, Body(Message()));

        ErrorAssert.IsForbidden(await TryRunAsync(writer, command));
        ErrorAssert.IsForbidden(await TryChangeAsync(writer, message, new { action = Command("true") }));
        ErrorAssert.IsForbidden(await TryChangeAsync(writer, command, new { action = Command("false") }));
        SessionCalls.Require(await TryChangeAsync(writer, command, new { name = "renamed", status = "paused" }), 200);
        ErrorAssert.IsForbidden(await TryChangeAsync(writer, command, new { status = "scheduled" }));

        var task = await TaskAsync(tenant.Client, command);
        Assert.Equal(("renamed", "paused", "true"), (Text(task, "name"), Text(task, "status"), Text(task.GetProperty("action"), "command")));
        Assert.Equal("message", Text((await TaskAsync(tenant.Client, message)).GetProperty("action"), "type"));
        Assert.Empty(await RunsAsync(tenant.Client, command));
    }

    [Fact]
    public async Task Another_tenants_task_does_not_exist()
    {
        using var owner = await NewTenantAsync();
        using var other = await NewTenantAsync();
        var id = await CreateAsync(owner.Client, Body(Message()));
        await RunToEndAsync(owner.Client, id);

        Assert.All(
            new[]
            {
                await TryGetAsync(other.Client, id), await TryChangeAsync(other.Client, id, new { name = "x" }), await TryRunAsync(other.Client, id),
                await TryListRunsAsync(other.Client, id), await TryDeleteAsync(other.Client, id),
            },
            ErrorAssert.IsNotFound);

        Assert.Empty(await other.Client.ListAsync("/api/tasks", "tasks", Cancellation));
        Assert.Equal("a task", Text(await TaskAsync(owner.Client, id), "name"));
        Assert.Single(await RunsAsync(owner.Client, id));
    }

    [Theory]
    [InlineData("task-00000000000000000000000000000000")]
    [InlineData("task-x")]
    [InlineData("x")]
    [InlineData("a%20b")]
    public async Task An_id_that_never_was_is_not_found(string id)
    {
        using var tenant = await NewTenantAsync();

        Assert.All(
            new[]
            {
                await TryGetAsync(tenant.Client, id), await TryChangeAsync(tenant.Client, id, new { name = "x" }), await TryRunAsync(tenant.Client, id),
                await TryListRunsAsync(tenant.Client, id), await TryDeleteAsync(tenant.Client, id),
            },
            ErrorAssert.IsNotFound);
    }
}
