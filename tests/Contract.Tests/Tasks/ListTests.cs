using System.Globalization;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Tasks;

/// <summary>Tasks in pages, the newest first.</summary>
public abstract class ListTests(DatabaseServers servers) : TaskTest(servers)
{
    public sealed class OnSqlite(Servers servers) : ListTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : ListTests(servers.OnPostgres);

    [Fact]
    public async Task Pages_of_tasks_are_the_whole_of_them_the_newest_first()
    {
        using var tenant = await NewTenantAsync();
        for (var number = 1; number <= 5; number++)
            await CreateAsync(tenant.Client, Message(), Rarely, ("name", number.ToString(CultureInfo.InvariantCulture)));

        foreach (var limit in new[] { 1, 2, 5, 200 })
        {
            var tasks = await tenant.Client.ListAsync("/api/tasks", "tasks", Cancellation, limit);
            Assert.Equal(["5", "4", "3", "2", "1"], tasks.Select(task => Text(task, "name")));
        }
    }

    [Fact]
    public async Task A_listed_task_says_what_the_task_itself_says()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Body(Message()));
        await RunToEndAsync(tenant.Client, id);

        var listed = Assert.Single(await tenant.Client.ListAsync("/api/tasks", "tasks", Cancellation));

        AreSame((await TryGetAsync(tenant.Client, id)).Body, listed);
    }

    [Fact]
    public async Task What_is_created_and_deleted_between_two_pages_moves_none()
    {
        using var tenant = await NewTenantAsync();
        var ids = new List<string>();
        for (var number = 0; number < 4; number++) ids.Add(await CreateAsync(tenant.Client, Body(Message())));
        var first = SessionCalls.Require(await tenant.Client.GetAsync("/api/tasks?limit=2", Cancellation), 200);
        await CreateAsync(tenant.Client, Body(Message()));
        SessionCalls.Require(await TryDeleteAsync(tenant.Client, ids[2]), 200);

        var rest = SessionCalls.Require(
            await tenant.Client.GetAsync($"/api/tasks?limit=2&cursor={Uri.EscapeDataString(first.Text("nextCursor")!)}", Cancellation), 200);

        Assert.Equal([ids[3], ids[2]], first.Json.GetProperty("tasks").EnumerateArray().Select(task => Text(task, "taskId")));
        Assert.Equal([ids[1], ids[0]], rest.Json.GetProperty("tasks").EnumerateArray().Select(task => Text(task, "taskId")));
        Assert.Null(rest.Text("nextCursor"));
    }

    [Theory]
    [InlineData("limit=0", "limit")]
    [InlineData("limit=201", "limit")]
    [InlineData("limit=many", "limit")]
    [InlineData("cursor=not-a-cursor", "cursor")]
    [InlineData("cursor=%00", "cursor")]
    public async Task A_page_that_cannot_be_is_refused(string query, string field)
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Body(Message()));

        ErrorAssert.IsInvalid(await tenant.Client.GetAsync($"/api/tasks?{query}", Cancellation), field);
        ErrorAssert.IsInvalid(await TryListRunsAsync(tenant.Client, id, $"?{query}"), field);
    }

    [Fact]
    public async Task Runs_come_in_pages_the_latest_first_and_a_new_one_moves_none()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Body(Message()));
        var ids = new List<string>();
        for (var number = 0; number < 4; number++) ids.Insert(0, Text(await RunToEndAsync(tenant.Client, id), "runId"));
        var first = SessionCalls.Require(await TryListRunsAsync(tenant.Client, id, "?limit=1"), 200);
        var later = Text(await RunToEndAsync(tenant.Client, id), "runId");

        var rest = SessionCalls.Require(await TryListRunsAsync(tenant.Client, id, $"?limit=10&cursor={Uri.EscapeDataString(first.Text("nextCursor")!)}"), 200);

        Assert.Equal(ids[0], Text(Assert.Single(first.Json.GetProperty("runs").EnumerateArray()), "runId"));
        Assert.Equal(ids[1..], rest.Json.GetProperty("runs").EnumerateArray().Select(run => Text(run, "runId")));
        Assert.Null(rest.Text("nextCursor"));
        foreach (var limit in new[] { 1, 2, 5 })
            Assert.Equal([later, .. ids], (await RunsAsync(tenant.Client, id, limit)).Select(run => Text(run, "runId")));
    }

    [Fact]
    public async Task A_task_that_has_not_run_has_no_runs()
    {
        using var tenant = await NewTenantAsync();

        var runs = await TryListRunsAsync(tenant.Client, await CreateAsync(tenant.Client, Body(Message())));

        Assert.Equal((200, """{"runs":[],"nextCursor":null}"""), (runs.Status, runs.Body));
    }
}
