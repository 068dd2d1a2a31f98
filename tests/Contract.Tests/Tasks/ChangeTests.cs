using System.Globalization;
using System.Text.Json;
using OpenClaw.Contract.Tests.Commands;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Tasks;

/// <summary>Tasks that are changed, paused, resumed and deleted.</summary>
public abstract class ChangeTests(DatabaseServers servers) : TaskTest(servers)
{
    public sealed class OnSqlite(Servers servers) : ChangeTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : ChangeTests(servers.OnPostgres);

    [Fact]
    public async Task Every_field_of_creation_can_be_changed_and_the_others_stay()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Body(Message()));
        var before = await TaskAsync(tenant.Client, id);

        var renamed = await ChangeAsync(tenant.Client, id, new { name = "新的名字" });
        var changed = await ChangeAsync(tenant.Client, id, new
        {
            schedule = "0 12 * * *", timezone = "Asia/Tokyo", action = Command("ls"), overlap = "parallel", misfire = "skip", timeout = 2000, retries = 1,
        });

        Assert.Equal("新的名字", Text(renamed, "name"));
        foreach (var property in new[] { "taskId", "schedule", "timezone", "status", "overlap", "misfire", "timeout", "retries", "nextRunAt", "createdAt", "action" })
            Assert.Equal(before.GetProperty(property).GetRawText(), renamed.GetProperty(property).GetRawText());
        Assert.True(Shape.Time(renamed, "updatedAt") >= Shape.Time(before, "updatedAt"), renamed.GetRawText());
        Assert.Equal(
            ("新的名字", "0 12 * * *", "Asia/Tokyo", "parallel", "skip"),
            (Text(changed, "name"), Text(changed, "schedule"), Text(changed, "timezone"), Text(changed, "overlap"), Text(changed, "misfire")));
        Assert.Equal((2000, 1), (changed.GetProperty("timeout").GetInt32(), changed.GetProperty("retries").GetInt32()));
        Assert.Equal("ls", Text(changed.GetProperty("action"), "command"));
        Assert.Equal(new TimeSpan(3, 0, 0), Shape.Time(changed, "nextRunAt").TimeOfDay);
        AreSame((await TryGetAsync(tenant.Client, id)).Body, changed);
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"schedule":"never"}""", "schedule")]
    [InlineData("""{"schedule":{"at":"2001-01-01T00:00:00Z"}}""", "schedule.at")]
    [InlineData("""{"schedule":{"everySeconds":0}}""", "schedule.everySeconds")]
    [InlineData("""{"timezone":"Mars/Olympus_Mons"}""", "timezone")]
    [InlineData("""{"action":{"type":"dance"}}""", "action.type")]
    [InlineData("""{"action":{"type":"message","content":"x","sessionId":"sess-none"}}""", "action.sessionId")]
    [InlineData("""{"overlap":"maybe"}""", "overlap")]
    [InlineData("""{"misfire":5}""", "misfire")]
    [InlineData("""{"timeout":1}""", "timeout")]
    [InlineData("""{"retries":6}""", "retries")]
    [InlineData("""{"status":"completed"}""", "status")]
    [InlineData("""{"status":"deleted"}""", "status")]
    [InlineData("""{"status":5}""", "status")]
    [InlineData("""{"name":"changed","retries":6}""", "retries")]
    public async Task A_change_that_cannot_be_is_named_and_changes_nothing(string body, string field)
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Body(Message()));
        var before = (await TryGetAsync(tenant.Client, id)).Body;

        ErrorAssert.IsInvalid(await TryChangeAsync(tenant.Client, id, body), field);

        Assert.Equal(before, (await TryGetAsync(tenant.Client, id)).Body);
    }

    [Fact]
    public async Task A_change_to_a_skill_that_is_not_installed_warns()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Body(Message()));

        var changed = await ChangeAsync(tenant.Client, id, new { action = Missing });

        Assert.Contains("not-there", Assert.Single(changed.GetProperty("warnings").EnumerateArray()).GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_changed_schedule_counts_its_slots_from_the_change()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Message(), new { everySeconds = 10_000 });
        var before = TimeProvider.System.GetUtcNow();

        var changed = await ChangeAsync(tenant.Client, id, new { schedule = new { everySeconds = 1000 } });

        Assert.InRange(Shape.Time(changed, "nextRunAt"), before.AddSeconds(999), TimeProvider.System.GetUtcNow().AddSeconds(1000));
        Assert.Equal(0, Shape.Time(changed, "nextRunAt").Millisecond);
    }

    /// <summary>A second task, which is not paused, tells how long the first one has been still.</summary>
    [Fact]
    public async Task A_paused_task_runs_at_no_slot_and_a_resumed_one_makes_up_for_none()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Message(), EverySecond, ("misfire", "all"));
        var clock = await CreateAsync(tenant.Client, Message(), EverySecond);
        await RunsAsync(tenant.Client, id, runs => runs.Count > 0 && HasEnded(runs[0]));

        var paused = await ChangeAsync(tenant.Client, id, new { status = "paused" });
        var until = (await RunsAsync(tenant.Client, id)).Count;
        var ticks = (await RunsAsync(tenant.Client, clock)).Count;
        await RunsAsync(tenant.Client, clock, runs => runs.Count >= ticks + 3);
        var still = (await RunsAsync(tenant.Client, id)).Count;
        var before = TimeProvider.System.GetUtcNow();
        var resumed = await ChangeAsync(tenant.Client, id, new { status = "scheduled" });
        var runs = await RunsAsync(tenant.Client, id, runs => runs.Count >= still + 2);

        Assert.Equal("paused", Text(paused, "status"));
        Assert.False(HasValue(paused, "nextRunAt"), paused.GetRawText());
        Assert.Empty(paused.GetProperty("nextRuns").EnumerateArray());
        Assert.Equal(until, still);
        Assert.Equal("scheduled", Text(resumed, "status"));
        Assert.True(Shape.Time(resumed, "nextRunAt") >= before.AddMilliseconds(-1), resumed.GetRawText());
        Assert.All(runs[..^still], run => Assert.True(Shape.Time(run, "scheduledFor") >= before.AddSeconds(-1), run.GetRawText()));
    }

    [Fact]
    public async Task A_paused_task_runs_when_it_is_told_to_and_stays_paused()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Body(Message()));
        await ChangeAsync(tenant.Client, id, new { status = "paused" });

        var run = await RunToEndAsync(tenant.Client, id);

        Assert.Equal(("succeeded", "manual"), (Text(run, "status"), Text(run, "trigger")));
        Assert.Equal("paused", Text(await TaskAsync(tenant.Client, id), "status"));
    }

    [Fact]
    public async Task A_task_that_is_deleted_is_gone_with_its_runs()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Body(Message()));
        await RunToEndAsync(tenant.Client, id);

        var deleted = await TryDeleteAsync(tenant.Client, id);

        Assert.Equal((200, $$"""{"taskId":"{{id}}","status":"deleted"}"""), (deleted.Status, deleted.Body));
        Assert.All(
            new[]
            {
                await TryGetAsync(tenant.Client, id), await TryChangeAsync(tenant.Client, id, new { name = "x" }), await TryRunAsync(tenant.Client, id),
                await TryListRunsAsync(tenant.Client, id), await TryDeleteAsync(tenant.Client, id),
            },
            ErrorAssert.IsNotFound);
        Assert.Empty(await tenant.Client.ListAsync("/api/tasks", "tasks", Cancellation));
    }

    [Fact]
    public async Task A_command_under_way_dies_with_its_task()
    {
        using var tenant = await NewTenantAsync();
        var mark = MarkedProcesses.NewMark();
        var id = await CreateAsync(tenant.Client, Body(Command($"exec -a {mark} sleep 1000")));
        await RunAsync(tenant.Client, id);
        await MarkedProcesses.ThereAsync(mark, Cancellation);

        SessionCalls.Require(await TryDeleteAsync(tenant.Client, id), 200);

        await MarkedProcesses.GoneAsync(mark, Cancellation);
    }

    [Fact]
    public async Task A_turn_under_way_is_cancelled_with_its_task()
    {
        using var tenant = await NewTenantAsync(Servers.Endless);
        var session = await tenant.Client.CreateSessionAsync(Cancellation);
        var id = await CreateAsync(tenant.Client, Body(Message(CodeQuestion, session)));
        await using var watch = await tenant.Client.WatchAsync(session, 0, Cancellation);
        await RunAsync(tenant.Client, id);
        await watch.ReadUntilAsync(frame => frame.Type == "message", Cancellation);

        SessionCalls.Require(await TryDeleteAsync(tenant.Client, id), 200);

        var frames = await watch.ReadUntilAsync(frame => frame.EndsTurn, Cancellation);
        Assert.Equal("cancelled", frames[^1].Text("finishReason"));
    }

    [Fact]
    public async Task A_task_of_one_slot_that_has_run_is_completed_and_can_be_given_another()
    {
        using var tenant = await NewTenantAsync();
        var at = TimeProvider.System.GetUtcNow().AddSeconds(2);
        var id = await CreateAsync(tenant.Client, Message(), new { at = at.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture) });

        var completed = await TaskAsync(tenant.Client, id, task => Text(task, "status") == "completed" && HasValue(task, "lastRun"));
        var run = Assert.Single(await RunsAsync(tenant.Client, id, runs => runs.TrueForAll(HasEnded)));
        var again = await ChangeAsync(tenant.Client, id, new { schedule = new { at = "2099-01-01T00:00:00Z" }, status = "scheduled" });

        Assert.Equal(JsonValueKind.Null, completed.GetProperty("nextRunAt").ValueKind);
        Assert.Empty(completed.GetProperty("nextRuns").EnumerateArray());
        Assert.Equal(("succeeded", "schedule"), (Text(run, "status"), Text(run, "trigger")));
        Assert.InRange(Shape.Time(run, "scheduledFor"), at.AddMilliseconds(-1), at.AddMilliseconds(1));
        Assert.True(Shape.Time(run, "startedAt") >= Shape.Time(run, "scheduledFor"), run.GetRawText());
        Assert.Equal("scheduled", Text(again, "status"));
        Assert.Equal(new DateTimeOffset(2099, 1, 1, 0, 0, 0, TimeSpan.Zero), Shape.Time(again, "nextRunAt"));
    }
}
