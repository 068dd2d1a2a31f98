using OpenClaw.Contract.Tests.SkillTurns;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing;

namespace OpenClaw.Contract.Tests.Tasks;

/// <summary>Slots that fail, and what stops a task by itself.</summary>
public sealed class FailureTests(Servers servers) : TaskTest(servers.OnSqlite)
{
    /// <summary>Failed runs in a row after which a task is paused.</summary>
    private const int TooManyFailures = 10;

    /// <summary>Half a minute until the next attempt is longer than until the next slot.</summary>
    [Fact]
    public async Task The_next_slot_is_the_next_attempt()
    {
        using var tenant = await NewTenantAsync();
        await SkillFolders.InstallAsync(
            tenant.Client, "broken", Cancellation,
            ("SKILL.md", SkillFolders.Manifest("broken", "Fails.", "Do not call it.")),
            ("actions.json", """{"actions":[{"name":"fail","runner":{"type":"command","command":["bash","-c","exit 7"]}}]}"""));
        var id = await CreateAsync(tenant.Client, Skill("broken"), new { everySeconds = 3 }, ("retries", 5));

        var runs = await RunsAsync(tenant.Client, id, runs => runs.Count(HasEnded) >= 2);

        Assert.All(runs.FindAll(HasEnded), run =>
        {
            ErrorOf(run);
            Assert.Equal(1, run.GetProperty("attempt").GetInt32());
        });
    }

    [Fact]
    public async Task Ten_failures_in_a_row_pause_a_task_and_resuming_it_forgets_them()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Missing, EverySecond);

        var paused = await TaskAsync(tenant.Client, id, task => Text(task, "status") == "paused");
        var runs = await RunsAsync(tenant.Client, id);
        var resumed = await ChangeAsync(tenant.Client, id, new { status = "scheduled", schedule = Rarely });

        Assert.Equal(("failures", TooManyFailures), (Text(paused, "pausedReason"), paused.GetProperty("failures").GetInt32()));
        Assert.Equal(Enumerable.Repeat("failed", TooManyFailures), StatusesOf(runs));
        Assert.Equal(("scheduled", 0), (Text(resumed, "status"), resumed.GetProperty("failures").GetInt32()));
        Assert.False(HasValue(resumed, "pausedReason"), resumed.GetRawText());
    }

    [Fact]
    public async Task A_task_is_paused_when_its_key_is_deleted_and_goes_on_under_the_key_that_resumes_it()
    {
        using var tenant = await NewTenantAsync();
        var (keyId, key) = await tenant.CreateKeyAsync(["read", "write"], Cancellation);
        using var owner = tenant.ClientWith(key);
        var id = await CreateAsync(owner, Message(), EverySecond);
        await RunsAsync(tenant.Client, id, runs => runs.Exists(HasEnded));

        var deleted = await tenant.Admin.DeleteAsync($"/api/admin/keys/{keyId}", Cancellation);
        Assert.True(deleted.Status is 200 or 204, deleted.ToString());
        var paused = await TaskAsync(tenant.Client, id, task => Text(task, "status") == "paused");
        var resumed = await ChangeAsync(tenant.Client, id, new { status = "scheduled" });
        var since = Shape.Time(resumed, "updatedAt");
        await RunsAsync(
            tenant.Client, id, runs => runs.Exists(run => Shape.Time(run, "scheduledFor") > since && Text(run, "status") == "succeeded"));

        Assert.Equal("key", Text(paused, "pausedReason"));
        Assert.Equal("scheduled", Text(await TaskAsync(tenant.Client, id), "status"));
    }

    [Fact]
    public async Task A_task_is_paused_when_its_key_expires()
    {
        using var tenant = await NewTenantAsync();
        var (_, key) = await tenant.CreateKeyAsync(["read", "write"], Cancellation, TimeProvider.System.GetUtcNow().AddSeconds(3));
        using var owner = tenant.ClientWith(key);
        var id = await CreateAsync(owner, Message(), EverySecond);

        var paused = await TaskAsync(tenant.Client, id, task => Text(task, "status") == "paused");

        Assert.Equal("key", Text(paused, "pausedReason"));
    }

    [Fact]
    public async Task A_task_whose_key_is_deleted_belongs_to_the_key_that_gave_it_another_action()
    {
        using var tenant = await NewTenantAsync();
        var (keyId, key) = await tenant.CreateKeyAsync(["read", "write"], Cancellation);
        using var first = tenant.ClientWith(key);
        var id = await CreateAsync(first, Body(Message()));
        await ChangeAsync(tenant.Client, id, new { action = Message("now mine") });
        await tenant.Admin.DeleteAsync($"/api/admin/keys/{keyId}", Cancellation);
        await Eventually.IsAsync(() => first.GetAsync("/api/tasks", Cancellation), answer => answer.Status == 401, Cancellation);

        await ChangeAsync(tenant.Client, id, new { schedule = EverySecond });
        await RunsAsync(tenant.Client, id, runs => runs.Exists(run => Text(run, "status") == "succeeded"));

        Assert.Equal("scheduled", Text(await TaskAsync(tenant.Client, id), "status"));
    }
}
