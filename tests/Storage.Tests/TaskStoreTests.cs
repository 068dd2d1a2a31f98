using System.Text;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Tasks;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Storage.Tests;

/// <summary>A slot has one run, whoever meets over it, and what is told of a run is told once.</summary>
public abstract class TaskStoreTests(DatabaseKind kind) : StorageTest(kind)
{
    private const int Most = 3;

    public sealed class OnSqlite() : TaskStoreTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : TaskStoreTests(DatabaseKind.Postgres);

    private ITaskStore Tasks => Get<ITaskStore>();

    [Fact]
    public async Task A_task_is_found_as_it_was_added()
    {
        var row = await AddAsync("task-1", keyId: "key-1");

        Assert.Equal(row, await Tasks.FindAsync(row.Key, Cancellation));
        Assert.Equal([row.Key], await Tasks.ListOfKeyAsync("key-1", "", 10, Cancellation));
        Assert.Empty(await Tasks.ListOfKeyAsync("key-1", "task-1", 10, Cancellation));
        Assert.Empty(await Tasks.ListOverdueAsync(Now, 10, Cancellation));
        Assert.Equal([row.Key], await Tasks.ListOverdueAsync(row.NextAt!.Value, 10, Cancellation));
    }

    [Fact]
    public async Task A_tenant_has_no_more_tasks_than_it_may_and_none_once_it_is_deleted()
    {
        for (var number = 0; number < Most; number++) await AddAsync($"task-{number}");

        Assert.False(await Tasks.AddAsync(Row("task-x"), Most, Cancellation));
        Assert.True(await Tasks.AddAsync(Row("task-x", "other"), Most, Cancellation));
        await Get<ITenantDeletions>().BeginAsync(TenantId.Parse("third"), Now, Cancellation);
        Assert.False(await Tasks.AddAsync(Row("task-x", "third"), Most, Cancellation));
    }

    [Fact]
    public async Task Tasks_are_listed_the_youngest_first()
    {
        for (var number = 0; number < Most; number++) await AddAsync($"task-{number}", createdAt: Now.AddSeconds(number));

        var first = await Tasks.ListAsync(Tenant, DateTimeOffset.MaxValue, "", 2, Cancellation);
        var rest = await Tasks.ListAsync(Tenant, first[^1].CreatedAt, first[^1].Key.TaskId, 2, Cancellation);

        Assert.Equal(["task-2", "task-1", "task-0"], first.Concat(rest).Select(task => task.Key.TaskId));
    }

    [Fact]
    public async Task A_slot_runs_once_and_is_told_once_when_two_activations_meet()
    {
        var row = await AddAsync("task-1");
        var next = row with { Through = row.NextAt!.Value, NextAt = row.NextAt.Value.AddMinutes(1) };
        var (one, other) = (Run(row.Key, next.Through), Run(row.Key, next.Through));

        var moves = await Task.WhenAll(
            Tasks.MoveAsync(next, one, Told("evt-1"), Cancellation), Tasks.MoveAsync(next, other, Told("evt-1"), Cancellation));
        var late = await Tasks.MoveAsync(next, other, Told("evt-1"), Cancellation);

        Assert.Single(moves, move => move is { Moved: true, Added: true });
        Assert.Equal((false, false), late);
        Assert.Equal(next with { Revision = 2 }, await Tasks.FindAsync(row.Key, Cancellation));
        Assert.Single(await Events.ReadOutboxAsync(Tenant, 10, Cancellation));
        Assert.Single((await Tasks.ListRunsAsync(row.Key, DateTimeOffset.MaxValue, false, 10, Cancellation)).Runs);
    }

    [Fact]
    public async Task A_run_that_there_is_already_is_not_added_and_not_told_of()
    {
        var row = await AddAsync("task-1");
        Assert.Equal((true, true), await Tasks.MoveAsync(row, Run(row.Key, Now), Told("evt-1"), Cancellation));

        Assert.Equal((true, false), await Tasks.MoveAsync(row with { Revision = 2 }, Run(row.Key, Now), Told("evt-2"), Cancellation));
        Assert.Equal((true, true), await Tasks.MoveAsync(row with { Revision = 3 }, Run(row.Key, Now) with { IsManual = true }, null, Cancellation));

        Assert.Equal("evt-1", Assert.Single(await Events.ReadOutboxAsync(Tenant, 10, Cancellation)).Entry.EventId);
    }

    [Fact]
    public async Task A_run_that_has_ended_is_not_added_again_by_the_activation_that_drove_it()
    {
        var (row, run) = await BeginAsync("task-1");
        await Tasks.EndAsync(run with { FinishedAt = Now }, new TaskFailures(0, Pauses: false), [], Cancellation);

        Assert.Equal((true, false), await Tasks.MoveAsync(row, run, null, Cancellation));
    }

    [Fact]
    public async Task A_change_that_is_told_of_without_a_run_is_told_once()
    {
        var row = await AddAsync("task-1");

        Assert.True((await Tasks.MoveAsync(row with { NextAt = null }, null, Told("evt-1"), Cancellation)).Moved);
        Assert.False((await Tasks.MoveAsync(row with { NextAt = null }, null, Told("evt-1"), Cancellation)).Moved);

        Assert.Single(await Events.ReadOutboxAsync(Tenant, 10, Cancellation));
        Assert.Empty(await Tasks.ListOverdueAsync(DateTimeOffset.MaxValue, 10, Cancellation));
    }

    [Fact]
    public async Task The_end_of_a_run_is_written_and_told_once_with_what_it_makes_of_its_task()
    {
        var (row, run) = await BeginAsync("task-1");
        var ended = run with { Status = TaskRunStatus.Failed, FinishedAt = Now, Error = "{}"u8.ToArray(), Result = "[1]"u8.ToArray() };

        Assert.True(await Tasks.EndAsync(ended, new TaskFailures(10, Pauses: true), [Told("evt-1"), Told("evt-2")], Cancellation));
        // As after an answer that was lost.
        Assert.True(await Tasks.EndAsync(ended, new TaskFailures(10, Pauses: true), [Told("evt-1"), Told("evt-2")], Cancellation));

        Assert.Equal(["evt-1", "evt-2"], (await Events.ReadOutboxAsync(Tenant, 10, Cancellation)).Select(told => told.Entry.EventId));
        var found = await Tasks.FindAsync(row.Key, Cancellation);
        Assert.Equal((10, null), (found!.Failures, found.NextAt));
        var (runs, _) = await Tasks.ListRunsAsync(row.Key, DateTimeOffset.MaxValue, false, 10, Cancellation);
        var read = Assert.Single(runs);
        Assert.Equal((TaskRunStatus.Failed, Now, "[1]"), (read.Status, read.FinishedAt, Encoding.UTF8.GetString(read.Result!)));
        Assert.Null((await Tasks.FindLastRunAsync(row.Key, Cancellation))!.Result);
        Assert.Empty(await Tasks.ListUnfinishedAsync(null, 10, Cancellation));
    }

    [Fact]
    public async Task Whoever_has_lost_a_run_to_another_activation_writes_and_tells_nothing_of_it()
    {
        var (row, run) = await BeginAsync("task-1");
        var claim = Guid.NewGuid();

        Assert.Equal(claim, Assert.Single(await Tasks.ClaimRunsAsync(row.Key, claim, Cancellation)).Claim);

        var ended = run with { Status = TaskRunStatus.Succeeded, FinishedAt = Now };
        Assert.False(await Tasks.EndAsync(ended, new TaskFailures(0, Pauses: false), [Told("evt-1")], Cancellation));
        Assert.False(await Tasks.GoOnAsync(run, Told("evt-2"), Cancellation));
        Assert.Empty(await Events.ReadOutboxAsync(Tenant, 10, Cancellation));
        Assert.True(await Tasks.EndAsync(ended with { Claim = claim }, new TaskFailures(0, Pauses: false), [Told("evt-3")], Cancellation));
        Assert.Single(await Events.ReadOutboxAsync(Tenant, 10, Cancellation));
    }

    [Fact]
    public async Task A_run_that_has_waited_is_told_of_when_it_begins_and_not_again()
    {
        var row = await AddAsync("task-1");
        var run = Run(row.Key, Now) with { Status = TaskRunStatus.Queued, StartedAt = null, Attempt = 0 };
        await Tasks.MoveAsync(row, run, null, Cancellation);
        Assert.Equal([row.Key], await Tasks.ListUnfinishedAsync(null, 10, Cancellation));
        Assert.Empty(await Tasks.ListUnfinishedAsync(row.Key, 10, Cancellation));

        var begun = run with { Status = TaskRunStatus.Running, StartedAt = Now, Attempt = 1 };
        Assert.True(await Tasks.GoOnAsync(begun, Told("evt-1"), Cancellation));
        Assert.True(await Tasks.GoOnAsync(begun, Told("evt-1"), Cancellation));

        Assert.Single(await Events.ReadOutboxAsync(Tenant, 10, Cancellation));
    }

    [Fact]
    public async Task The_runs_of_a_page_have_four_mebibytes_of_results_at_most()
    {
        var row = await AddAsync("task-1");
        for (var minute = 0; minute < 6; minute++)
        {
            var run = Run(row.Key, Now.AddMinutes(minute)) with { FinishedAt = Now, Result = new byte[1024 * 1024] };
            await Tasks.MoveAsync(row with { Revision = minute + 1 }, run, null, Cancellation);
        }

        var (first, isCut) = await Tasks.ListRunsAsync(row.Key, DateTimeOffset.MaxValue, false, 10, Cancellation);
        var (rest, restIsCut) = await Tasks.ListRunsAsync(row.Key, first[^1].Slot, first[^1].IsManual, 10, Cancellation);

        Assert.Equal((4, true, 2, false), (first.Count, isCut, rest.Count, restIsCut));
        Assert.Equal(Now.AddMinutes(5), first[0].Slot);
        Assert.Equal(Now, rest[^1].Slot);
    }

    [Fact]
    public async Task Old_runs_go_and_the_latest_stay()
    {
        var row = await AddAsync("task-1");
        for (var minute = 0; minute < 5; minute++)
            await Tasks.MoveAsync(row with { Revision = minute + 1 }, Run(row.Key, Now.AddMinutes(minute)) with { FinishedAt = Now.AddMinutes(minute) }, null, Cancellation);

        await Tasks.TrimRunsAsync(row.Key, 3, Cancellation);
        Assert.Equal(3, (await Tasks.ListRunsAsync(row.Key, DateTimeOffset.MaxValue, false, 10, Cancellation)).Runs.Count);
        Assert.Equal(1, await Tasks.PurgeRunsAsync(Now.AddMinutes(3), 10, Cancellation));
        Assert.True(await Tasks.RemoveSomeRunsAsync(row.Key, Cancellation));
        Assert.False(await Tasks.RemoveSomeRunsAsync(Tenant, Cancellation));
        await Tasks.RemoveAsync(row.Key, Cancellation);
        Assert.Null(await Tasks.FindAsync(row.Key, Cancellation));
    }

    private static OutboxEntry Told(string id) => new(id, "task.started", "{}"u8.ToArray());

    private static TaskRowState Row(string id, string tenant = "acme", DateTimeOffset? createdAt = null, string? keyId = null) => new()
    {
        Key = new TaskKey(TenantId.Parse(tenant), id),
        CreatedAt = createdAt ?? Now,
        KeyId = keyId,
        Through = Now,
        NextAt = Now.AddMinutes(1),
    };

    private static TaskRunState Run(TaskKey task, DateTimeOffset slot) => new()
    {
        Key = task,
        Slot = slot,
        RunId = "run-1",
        Status = TaskRunStatus.Running,
        Attempt = 1,
        Claim = Guid.NewGuid(),
        StartedAt = slot,
    };

    private async Task<TaskRowState> AddAsync(string id, DateTimeOffset? createdAt = null, string? keyId = null)
    {
        var row = Row(id, createdAt: createdAt, keyId: keyId);
        Assert.True(await Tasks.AddAsync(row, Most, Cancellation));
        return row;
    }

    private async Task<(TaskRowState Row, TaskRunState Run)> BeginAsync(string id)
    {
        var row = await AddAsync(id);
        var run = Run(row.Key, Now);
        Assert.Equal((true, true), await Tasks.MoveAsync(row, run, null, Cancellation));
        return (row with { Revision = 2 }, run);
    }
}
