using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Tasks;

/// <summary>A run that is due while another one is under way.</summary>
public abstract class OverlapTests(DatabaseServers servers) : TaskTest(servers)
{
    public sealed class OnSqlite(Servers servers) : OverlapTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : OverlapTests(servers.OnPostgres);

    [Fact]
    public async Task A_run_that_is_asked_for_while_one_is_under_way_is_a_conflict()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Body(Waiting));
        var first = await RunAsync(tenant.Client, id);
        await StatusAsync(tenant.Client, id, first, "running");

        ErrorAssert.IsConflict(await TryRunAsync(tenant.Client, id));
        await LetGoAsync(tenant.Client);

        Assert.Equal("succeeded", Text(await EndAsync(tenant.Client, id, first), "status"));
        Assert.Single(await RunsAsync(tenant.Client, id));
        Assert.Equal("succeeded", Text(await RunToEndAsync(tenant.Client, id), "status"));
    }

    [Fact]
    public async Task A_slot_that_comes_while_a_run_is_under_way_is_skipped_and_told_of()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Waiting, EverySecond);

        var during = await RunsAsync(tenant.Client, id, runs => StatusesOf(runs).Count(status => status == "skipped") >= 2);
        await ChangeAsync(tenant.Client, id, new { status = "paused" });
        await LetGoAsync(tenant.Client);
        var after = await RunsAsync(tenant.Client, id, runs => runs.TrueForAll(HasEnded));

        Assert.Equal("running", Text(during[^1], "status"));
        Assert.Equal("succeeded", Text(after[^1], "status"));
        Assert.All(after[..^1], run => Assert.Equal("skipped", Text(run, "status")));
        Assert.Equal(after.Count, after.Select(run => Text(run, "scheduledFor")).Distinct().Count());
        Assert.Equal(0, (await TaskAsync(tenant.Client, id)).GetProperty("failures").GetInt32());
    }

    [Fact]
    public async Task Queued_runs_wait_and_come_one_after_the_other()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Waiting, Rarely, ("overlap", "queue"));
        var ids = new List<string> { await RunAsync(tenant.Client, id) };
        await StatusAsync(tenant.Client, id, ids[0], "running");
        for (var number = 0; number < 2; number++) ids.Add(await RunAsync(tenant.Client, id));

        var during = await RunsAsync(tenant.Client, id);
        await LetGoAsync(tenant.Client);
        var after = await RunsAsync(tenant.Client, id, runs => runs.TrueForAll(HasEnded));

        Assert.Equal(["running", "queued", "queued"], ids.Select(runId => Text(Run(during, runId), "status")));
        Assert.All(ids, runId => Assert.Equal("succeeded", Text(Run(after, runId), "status")));
        var inOrder = ids.ConvertAll(runId => Run(after, runId));
        Assert.All(
            inOrder.Zip(inOrder.Skip(1)),
            pair => Assert.True(Shape.Time(pair.Second, "startedAt") >= Shape.Time(pair.First, "finishedAt"), $"{pair.First.GetRawText()}\n{pair.Second.GetRawText()}"));
    }

    [Fact]
    public async Task Ten_runs_go_on_at_once_and_the_eleventh_waits()
    {
        using var tenant = await NewTenantAsync(Servers.Endless);
        var id = await CreateAsync(tenant.Client, Message(CodeQuestion), Rarely, ("overlap", "parallel"));
        for (var number = 0; number < 11; number++) await RunAsync(tenant.Client, id);

        var runs = await RunsAsync(tenant.Client, id, runs => StatusesOf(runs).Count(status => status == "running") == 10);
        SessionCalls.Require(await TryDeleteAsync(tenant.Client, id), 200);

        Assert.Equal(11, runs.Count);
        Assert.Single(StatusesOf(runs), status => status == "queued");
        Assert.Equal("queued", Text(runs[0], "status"));
    }

    [Fact]
    public async Task Slots_of_a_parallel_task_run_beside_each_other()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Waiting, EverySecond, ("overlap", "parallel"));

        await RunsAsync(tenant.Client, id, runs => StatusesOf(runs).Count(status => status == "running") >= 2);
        await ChangeAsync(tenant.Client, id, new { status = "paused" });
        await LetGoAsync(tenant.Client);

        Assert.All(
            await RunsAsync(tenant.Client, id, runs => runs.TrueForAll(HasEnded)),
            run => Assert.Equal(JsonValueKind.Object, ResultOf(run).ValueKind));
    }
}
