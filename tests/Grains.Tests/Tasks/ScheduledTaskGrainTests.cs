using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tasks;
using OpenClaw.Grains.Tests.Cluster;
using OpenClaw.Grains.Tests.Hosting;
using OpenClaw.Storage;
using OpenClaw.Storage.Tasks;
using OpenClaw.Testing;

namespace OpenClaw.Grains.Tests.Tasks;

/// <summary>Tasks through their grains, on a real silo under a clock that the test drives.</summary>
public sealed class ScheduledTaskGrainTests : IAsyncLifetime
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly SignallingClock _time = new(new DateTimeOffset(2026, 3, 2, 8, 59, 0, TimeSpan.Zero));
    private readonly TestDirectory _directory = new();
    private ScriptedTaskRunner _runner = new();
    private SiloHost _silo = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static CreateTask Daily { get; } = new()
    {
        Name = "daily",
        Schedule = new TaskSchedule { Cron = "0 9 * * *" },
        Action = new TaskAction { Type = TaskActionType.Skill, Skill = "report-generator" },
        Caller = new TaskCaller(null, Scopes.All),
    };

    private static CreateTask EachMinute { get; } = Daily with { Name = "each-minute", Schedule = new TaskSchedule { EverySeconds = 60 } };

    public async ValueTask InitializeAsync()
    {
        var storage = new StorageOptions { DataDirectory = _directory.Path };
        await DatabaseMigrator.MigrateAsync(storage, Cancellation);
        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_slot_runs_once_at_its_time_and_its_record_tells_what_it_came_to()
    {
        var task = await CreateAsync(Daily);
        _time.Advance(Minute);
        var attempt = await _runner.NextAsync();
        await Record(task).Wake(Cancellation);
        attempt.Succeed("""{"path":"/Documents/report.md"}""");

        var run = Assert.Single(await EndedAsync(task, 1));
        await Record(task).Wake(Cancellation);

        Assert.Equal((TaskRunStatus.Succeeded, 1, false), (run.Status, run.Attempt, run.IsManual));
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero), run.ScheduledFor);
        Assert.Equal(run.ScheduledFor, run.StartedAt);
        Assert.Equal("""{"path":"/Documents/report.md"}""", run.Result.ToString());
        Assert.False(_runner.HasAttempt);
        var info = (await task.Get(Cancellation))!;
        Assert.Equal(Enumerable.Range(1, 5).Select(day => run.ScheduledFor.AddDays(day)), info.NextRuns);
        Assert.Equal((run.RunId, 0), (info.LastRun!.RunId, info.Failures));
        Assert.Equal([EventTypes.TaskStarted, EventTypes.TaskCompleted], await EventsAsync(2));
    }

    /// <summary>The clock's changes of 2026, by hand: 8 and 7 UTC are nine o'clock in Berlin, 14 and 13 in New York.</summary>
    [Theory]
    [InlineData("Europe/Berlin", "2026-03-03", 8, 7, "2026-03-29", "2026-10-25")]
    [InlineData("America/New_York", "2026-03-02", 14, 13, "2026-03-08", "2026-11-01")]
    public async Task A_year_of_daily_runs_begins_at_nine_by_the_clock_of_its_zone(
        string zone, string first, int winter, int summer, string spring, string autumn)
    {
        var task = await CreateAsync(Daily with { Zone = zone });
        var slots = new List<DateTimeOffset>();
        while (slots.Count < 365)
        {
            // The clock is set to the slot, and whoever looks for slots that nobody has seen to finds this one.
            var row = await RowAsync(task, row => row.NextAt > _time.GetUtcNow());
            _time.AdjustTime(row.NextAt!.Value);
            _time.Advance(2 * TaskWatch.Interval);
            (await _runner.NextAsync()).Succeed();
            slots.Add((await EndedAsync(task, 1))[0].ScheduledFor);
        }

        var (begin, end) = (Day(spring), Day(autumn));
        Assert.Equal(
            Enumerable.Range(0, 365).Select(Day(first).AddDays)
                .Select(day => new DateTimeOffset(day, new TimeOnly(day >= begin && day < end ? summer : winter, 0), TimeSpan.Zero)),
            slots);
        Assert.False(_runner.HasAttempt);

        static DateOnly Day(string date) => DateOnly.Parse(date, CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task A_slot_that_passed_while_no_server_ran_is_run_when_one_runs_again()
    {
        var task = await CreateAsync(Daily);
        await RestartAsync(() => _time.Advance(TimeSpan.FromHours(3)));

        (await _runner.NextAsync()).Succeed();

        Assert.Equal(TaskRunStatus.Succeeded, Assert.Single(await EndedAsync(task, 1)).Status);
    }

    [Theory]
    [InlineData(TaskMisfire.Skip, 0)]
    [InlineData(TaskMisfire.Once, 1)]
    [InlineData(TaskMisfire.All, 3)]
    public async Task Slots_that_were_missed_run_as_the_task_says(TaskMisfire misfire, int expected)
    {
        var hourly = Daily with { Schedule = new TaskSchedule { Cron = "@hourly" }, Misfire = misfire, Overlap = TaskOverlap.Queue };
        var task = await CreateAsync(hourly);
        await RestartAsync(() => _time.Advance(TimeSpan.FromMinutes(150)));

        for (var run = 0; run < expected; run++) (await _runner.NextAsync()).Succeed();
        await EndedAsync(task, expected);

        // The next slot is the one that comes, and nothing is left of those that passed.
        var row = await RowAsync(task, row => row.NextAt > _time.GetUtcNow());
        Assert.Equal(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero), row.NextAt);
        Assert.Equal(expected, (await RunsAsync(task)).Count);
        Assert.False(_runner.HasAttempt);
    }

    [Fact]
    public async Task A_slot_that_comes_while_a_run_is_under_way_is_passed_over()
    {
        var task = await CreateAsync(EachMinute);
        _time.Advance(Minute);
        var first = await _runner.NextAsync();
        await _time.PassAsync(Minute);
        await Eventually.IsSoAsync(async () => (await RunsAsync(task)).Count == 2);
        first.Succeed();

        var runs = await EndedAsync(task, 2);

        Assert.Equal([TaskRunStatus.Skipped, TaskRunStatus.Succeeded], runs.Select(run => run.Status));
        Assert.Null(runs[0].StartedAt);
    }

    [Fact]
    public async Task With_queue_slots_wait_and_with_parallel_they_run_beside()
    {
        var queueing = await CreateAsync(EachMinute with { Overlap = TaskOverlap.Queue });
        _time.Advance(Minute);
        var first = await _runner.NextAsync();
        await _time.PassAsync(Minute);
        await Eventually.IsSoAsync(async () => (await RunsAsync(queueing)).Count == 2);
        Assert.False(_runner.HasAttempt);
        first.Succeed();
        var second = await _runner.NextAsync();
        await queueing.Update(new UpdateTask { Overlap = TaskOverlap.Parallel, Caller = EachMinute.Caller }, Cancellation);
        await _time.PassAsync(Minute);

        (await _runner.NextAsync()).Succeed();
        second.Succeed();

        Assert.All(await EndedAsync(queueing, 3), run => Assert.Equal(TaskRunStatus.Succeeded, run.Status));
    }

    [Fact]
    public async Task An_attempt_that_fails_is_repeated_half_a_minute_later()
    {
        var task = await CreateAsync(Daily);
        _time.Advance(Minute);
        (await _runner.NextAsync()).Fail();
        await Eventually.IsSoAsync(async () => (await RunsAsync(task))[0].Status is TaskRunStatus.Retrying);
        Assert.False(_runner.HasAttempt);
        await _time.PassAsync(TimeSpan.FromSeconds(30));

        var second = await _runner.NextAsync();
        Assert.Equal(2, second.Attempt.Number);
        second.Succeed();

        var run = Assert.Single(await EndedAsync(task, 1));
        Assert.Equal((TaskRunStatus.Succeeded, 2, null), (run.Status, run.Attempt, run.Error));
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_a_timeout()
    {
        var task = await CreateAsync(Daily with { Timeout = 5_000, Retries = 0 });
        _time.Advance(Minute);
        await _runner.NextAsync();

        _time.Advance(TimeSpan.FromSeconds(5));

        var run = Assert.Single(await EndedAsync(task, 1));
        Assert.Equal((TaskRunStatus.Timeout, 504), (run.Status, run.Error!.Status));
    }

    [Fact]
    public async Task Ten_failed_runs_in_a_row_pause_the_task_until_somebody_resumes_it()
    {
        var task = await CreateAsync(Daily with { Retries = 0 });
        for (var run = 1; run <= 10; run++)
        {
            Assert.Null((await task.Run(Daily.Caller, Cancellation)).Problem);
            (await _runner.NextAsync()).Fail();
            await EndedAsync(task, run);
        }

        var info = await PausedAsync(task);
        Assert.Equal((PausedReasons.Failures, 10, 0), (info.PausedReason, info.Failures, info.NextRuns.Count));
        // Started and completed, and the failure, each time; and the pause.
        Assert.Equal(11, (await EventsAsync(31)).Count(type => type == EventTypes.ErrorOccurred));
        var resumed = await task.Update(new UpdateTask { Paused = false, Caller = Daily.Caller }, Cancellation);
        Assert.Equal((ScheduledTaskStatus.Scheduled, null, 0), (resumed.Task!.Status, resumed.Task.PausedReason, resumed.Task.Failures));
    }

    [Fact]
    public async Task A_task_is_paused_at_once_when_its_key_is_revoked()
    {
        var key = new ApiKeyInfo { KeyId = "key-1", TenantId = "default", Name = "k", Scopes = Scopes.All, CreatedAt = _time.GetUtcNow() };
        var keyGrain = _silo.Grains.GetApiKey(new ApiKeyGrainKey("0123abcd"));
        await keyGrain.Create(key, Cancellation);
        var task = await CreateAsync(Daily with { Caller = new TaskCaller("key-1", Scopes.All) });

        await keyGrain.Revoke(Cancellation);

        var info = await PausedAsync(task);
        Assert.Equal(PausedReasons.Key, info.PausedReason);
        Assert.Equal([EventTypes.ErrorOccurred], await EventsAsync(1));
        _time.Advance(Minute);
        await Record(task).Wake(Cancellation);
        Assert.Empty(await RunsAsync(task));
    }

    [Fact]
    public async Task A_key_that_has_expired_pauses_its_tasks_at_their_next_slot()
    {
        var expires = _time.GetUtcNow().AddSeconds(30);
        var key = new ApiKeyInfo { KeyId = "key-2", TenantId = "default", Name = "k", Scopes = Scopes.All, CreatedAt = _time.GetUtcNow(), ExpiresAt = expires };
        await _silo.Grains.GetApiKey(new ApiKeyGrainKey("4567abcd")).Create(key, Cancellation);
        var task = await CreateAsync(Daily with { Caller = new TaskCaller("key-2", Scopes.All) });

        _time.Advance(Minute);

        await PausedAsync(task);
        Assert.Empty(await RunsAsync(task));
    }

    [Fact]
    public async Task A_run_that_is_asked_for_runs_beside_the_slots_also_of_a_paused_task()
    {
        var task = await CreateAsync(Daily);
        await task.Update(new UpdateTask { Paused = true, Caller = Daily.Caller }, Cancellation);

        var started = await task.Run(Daily.Caller, Cancellation);
        var attempt = await _runner.NextAsync();
        var refused = await task.Run(Daily.Caller, Cancellation);
        attempt.Succeed();

        var run = Assert.Single(await EndedAsync(task, 1));
        Assert.Equal((started.Run!.RunId, true, TaskRunStatus.Succeeded), (run.RunId, run.IsManual, run.Status));
        Assert.Equal(409, refused.Problem!.Status);
        Assert.Equal(403, (await task.Run(new TaskCaller(null, Scopes.Read | Scopes.Write), Cancellation)).Problem!.Status);
        Assert.Equal(ScheduledTaskStatus.Paused, (await task.Get(Cancellation))!.Status);
    }

    [Fact]
    public async Task A_task_for_one_time_is_completed_afterwards()
    {
        var task = await CreateAsync(Daily with { Schedule = new TaskSchedule { At = _time.GetUtcNow().AddSeconds(10) } });
        _time.Advance(TimeSpan.FromSeconds(10));
        (await _runner.NextAsync()).Succeed();
        await EndedAsync(task, 1);

        var info = (await task.Get(Cancellation))!;
        Assert.Equal((ScheduledTaskStatus.Completed, 0), (info.Status, info.NextRuns.Count));
        var resumed = await task.Update(new UpdateTask { Paused = false, Caller = Daily.Caller }, Cancellation);
        Assert.Equal("schedule.at", resumed.Problem!.Field);
    }

    [Fact]
    public async Task A_run_that_a_restart_has_cut_goes_on_and_is_no_second_run()
    {
        var task = await CreateAsync(Daily);
        _time.Advance(Minute);
        var before = await _runner.NextAsync();
        await RestartAsync(static () => { });

        var after = await _runner.NextAsync();
        Assert.Equal((before.Attempt.Id, true), (after.Attempt.Id, after.GoesOn));
        after.Succeed();

        Assert.Equal((TaskRunStatus.Succeeded, 1), Assert.Single((await EndedAsync(task, 1)).Select(run => (run.Status, run.Attempt))));
    }

    [Fact]
    public async Task A_message_begins_a_conversation_of_its_own_with_the_tasks_name()
    {
        var action = new TaskAction { Type = TaskActionType.Message, Content = "What is new?" };
        var task = await CreateAsync(Daily with { Action = action });
        _time.Advance(Minute);
        (await _silo.Models.NextAsync()).Say("Nothing.").Finish();

        var run = Assert.Single(await EndedAsync(task, 1));

        var session = _silo.Session(run.SessionId!);
        Assert.Equal(TaskRunStatus.Succeeded, run.Status);
        Assert.Equal("daily", (await session.InfoAsync()).Title);
        Assert.Contains("\"content\":\"Nothing.\"", run.Result.ToString(), StringComparison.Ordinal);
        Assert.Equal(["What is new?", "Nothing."], (await session.HistoryAsync()).Select(message => message.Content));
    }

    [Fact]
    public async Task A_message_that_a_restart_has_cut_is_said_once_and_its_answer_is_found()
    {
        var session = await _silo.CreateSessionAsync();
        var action = new TaskAction { Type = TaskActionType.Message, Content = "What is new?", SessionId = session.Key.SessionId };
        var task = await CreateAsync(Daily with { Action = action });
        _time.Advance(Minute);
        await _silo.Models.NextAsync();
        await RestartAsync(static () => { });
        (await _silo.Models.NextAsync()).Say("Nothing.").Finish();

        Assert.Equal(TaskRunStatus.Succeeded, Assert.Single(await EndedAsync(task, 1)).Status);
        Assert.Single(await _silo.Session(session.Key.SessionId).HistoryAsync(), message => message.Content == "What is new?");
    }

    [Fact]
    public async Task An_action_that_cannot_be_is_refused_and_one_that_cannot_be_yet_is_warned_of()
    {
        var unknown = new TaskAction { Type = TaskActionType.Message, Content = "hi", SessionId = "sess-none" };
        Assert.Equal((400, "action.sessionId"), await RefusedAsync(Daily with { Action = unknown }));
        Assert.Equal((400, "action.model"), await RefusedAsync(Daily with { Action = unknown with { SessionId = null, Model = "unknown" } }));
        Assert.Equal((403, null), await RefusedAsync(Daily with { Caller = new TaskCaller(null, Scopes.Write) }));

        var missing = await CreateAsync(Daily with { Action = Daily.Action with { Skill = "nowhere" } });

        Assert.Contains("'nowhere' is not installed", Assert.Single((await missing.Get(Cancellation))!.Warnings).English, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_task_leaves_nothing_and_ends_what_runs()
    {
        var task = await CreateAsync(Daily);
        _time.Advance(Minute);
        await _runner.NextAsync();

        Assert.True(await task.Delete(Cancellation));

        Assert.False(await task.Delete(Cancellation));
        Assert.Null(await task.Get(Cancellation));
        Assert.Null(await Store.FindAsync(TaskKey.Parse(task.GetPrimaryKeyString()), Cancellation));
        Assert.Empty((await _silo.Grains.GetTaskCatalog(new TaskCatalogKey(TenantId.Default)).List(10, null, Cancellation)).Tasks);
        Assert.Equal([EventTypes.TaskStarted, EventTypes.TaskCompleted], await EventsAsync(2));
    }

    private ITaskStore Store => _silo.Services.GetRequiredService<ITaskStore>();

    private IScheduledTaskRecord Record(IScheduledTaskGrain task) => _silo.Grains.GetGrain<IScheduledTaskRecord>(task.GetPrimaryKeyString());

    private async Task StartAsync() => _silo = await SiloHost.StartAsync(new SiloHostSettings
    {
        Database = new StorageOptions { DataDirectory = _directory.Path },
        Time = _time,
        Configure = _runner.Register,
    });

    private async Task RestartAsync(Action meanwhile)
    {
        await _silo.DisposeAsync();
        meanwhile();
        _runner = new ScriptedTaskRunner();
        await StartAsync();
    }

    private async Task<IScheduledTaskGrain> CreateAsync(CreateTask command)
    {
        var task = _silo.Grains.GetScheduledTask(TaskKey.New(TenantId.Default));
        Assert.Null((await task.Create(command, Cancellation)).Problem);
        return task;
    }

    private async Task<(int Status, string? Field)> RefusedAsync(CreateTask command)
    {
        var problem = (await _silo.Grains.GetScheduledTask(TaskKey.New(TenantId.Default)).Create(command, Cancellation)).Problem!;
        return (problem.Status, problem.Field);
    }

    private async Task<IReadOnlyList<TaskRunInfo>> RunsAsync(IScheduledTaskGrain task) =>
        (await _silo.Grains.GetScheduledTask(TaskKey.Parse(task.GetPrimaryKeyString())).ListRuns(50, null, Cancellation))!.Runs;

    /// <summary>The runs, the latest first, once there are so many and all have ended.</summary>
    private Task<IReadOnlyList<TaskRunInfo>> EndedAsync(IScheduledTaskGrain task, int count) =>
        Eventually.GetAsync(() => RunsAsync(task), runs => runs.Count >= count && runs.All(run => run.FinishedAt is not null));

    private static async Task<TaskInfo> PausedAsync(IScheduledTaskGrain task) =>
        (await Eventually.GetAsync(() => task.Get(Cancellation), info => info!.Status is ScheduledTaskStatus.Paused))!;

    private async Task<TaskRowState> RowAsync(IScheduledTaskGrain task, Func<TaskRowState, bool> isSo) =>
        (await Eventually.GetAsync(async () => await Store.FindAsync(TaskKey.Parse(task.GetPrimaryKeyString()), Cancellation), row => row is not null && isSo(row)))!;

    /// <summary>The types of the tenant's events of tasks, once there are so many.</summary>
    private async Task<IReadOnlyList<string>> EventsAsync(int count)
    {
        var events = _silo.Grains.GetTenantEvents(new TenantEventsKey(TenantId.Default));
        return await Eventually.GetAsync(TypesAsync, types => types.Length >= count);

        async Task<string[]> TypesAsync()
        {
            await events.Advance(Cancellation);
            var page = await events.Read(0, 500, Cancellation);
            return [.. page.Events.Select(told => told.Type).Where(type => type is EventTypes.TaskStarted or EventTypes.TaskCompleted or EventTypes.ErrorOccurred)];
        }
    }
}
