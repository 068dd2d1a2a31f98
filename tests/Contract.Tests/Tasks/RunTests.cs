using System.Text;
using OpenClaw.Contract.Tests.Commands;
using OpenClaw.Contract.Tests.SkillTurns;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Tasks;

/// <summary>What the runs of each kind of action do and tell.</summary>
public abstract class RunTests(DatabaseServers servers) : TaskTest(servers)
{
    /// <summary>Bytes of a command's output that its run keeps.</summary>
    private const int KeptOutput = 16 * 1024;

    /// <summary>With what takes long and has no part in a database.</summary>
    public sealed class OnSqlite(Servers servers) : RunTests(servers.OnSqlite)
    {
        [Fact]
        [Trait("Category", "Slow")]
        public async Task A_failure_is_tried_again_after_half_a_minute()
        {
            using var tenant = await NewTenantAsync();
            await InstallFlakyAsync(tenant.Client);
            var id = await CreateAsync(tenant.Client, Body(Skill("flaky")));
            var runId = await RunAsync(tenant.Client, id);

            var runs = await Eventually.IsAsync(
                () => RunsAsync(tenant.Client, id), runs => HasEnded(Run(runs, runId)), Cancellation, TimeSpan.FromSeconds(60));

            var run = Assert.Single(runs);
            AreSame("""{"wet":true}""", ResultOf(run));
            Assert.Equal(2, run.GetProperty("attempt").GetInt32());
            Assert.InRange((Shape.Time(run, "finishedAt") - Shape.Time(run, "scheduledFor")).TotalSeconds, 27, 50);
            Assert.Equal(0, (await TaskAsync(tenant.Client, id)).GetProperty("failures").GetInt32());
        }
    }

    public sealed class OnPostgres(Servers servers) : RunTests(servers.OnPostgres);

    [Fact]
    public async Task A_run_that_was_asked_for_is_told_at_once_and_then_listed()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Body(Message()));

        var asked = SessionCalls.Require(await TryRunAsync(tenant.Client, id), 202);
        var run = await EndAsync(tenant.Client, id, asked.Text("runId")!);

        Assert.Matches("^run-", asked.Text("runId"));
        Shape.Has(run, "runId", "scheduledFor", "startedAt", "finishedAt", "status", "result", "attempt", "trigger");
        Assert.Equal((asked.Text("runId"), "succeeded", "manual", 1), (Text(run, "runId"), Text(run, "status"), Text(run, "trigger"), run.GetProperty("attempt").GetInt32()));
        Assert.Equal(asked.Text("scheduledFor"), Text(run, "scheduledFor"));
        Shape.IsRecentTime(run.GetProperty("scheduledFor"));
        Assert.True(Shape.Time(run, "startedAt") >= Shape.Time(run, "scheduledFor"), run.GetRawText());
        Assert.True(Shape.Time(run, "finishedAt") >= Shape.Time(run, "startedAt"), run.GetRawText());
        var task = await TaskAsync(tenant.Client, id, task => HasValue(task, "lastRun"));
        Assert.Equal((Text(run, "runId"), "succeeded"), (Text(task.GetProperty("lastRun"), "runId"), Text(task.GetProperty("lastRun"), "status")));
    }

    [Fact]
    public async Task A_run_that_was_asked_for_moves_no_slot()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Body(Message()));
        var before = Text(await TaskAsync(tenant.Client, id), "nextRunAt");

        await RunToEndAsync(tenant.Client, id);

        Assert.Equal(before, Text(await TaskAsync(tenant.Client, id), "nextRunAt"));
    }

    [Fact]
    public async Task A_run_is_asked_for_once_under_one_key()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Body(Message()));

        var first = SessionCalls.Require(await TryRunAsync(tenant.Client, id, IdempotencyKey("r")), 202);
        var again = SessionCalls.Require(await TryRunAsync(tenant.Client, id, IdempotencyKey("r")), 202);

        Assert.Equal(("true", first.Body), (again.Header("Idempotent-Replayed"), again.Body));
        Assert.Single(await RunsAsync(tenant.Client, id));
    }

    [Fact]
    public async Task A_skills_result_is_the_runs()
    {
        using var tenant = await NewTenantAsync();
        await InstallEchoAsync(tenant.Client);

        var run = await RunOnceAsync(tenant.Client, Echo("回声"));

        AreSame("""{"text":"回声"}""", ResultOf(run));
    }

    [Fact]
    public async Task A_message_starts_a_session_whose_answer_is_the_runs_result()
    {
        using var tenant = await NewTenantAsync();

        var run = await RunOnceAsync(tenant.Client, Message("你好"));

        var result = ResultOf(run);
        var session = Text(result, "sessionId");
        var history = await tenant.Client.HistoryAsync(session, Cancellation);
        Assert.Equal(["你好", Text(result, "content")], history.Select(message => Text(message, "content")));
        Assert.Equal(Text(history[1], "messageId"), Text(result, "messageId"));
        Assert.Equal("stop", Text(result, "finishReason"));
        Assert.Equal(session, Text(run, "sessionId"));
    }

    [Fact]
    public async Task A_message_to_a_session_stands_in_it_once()
    {
        using var tenant = await NewTenantAsync();
        var session = await tenant.Client.CreateSessionAsync(Cancellation);
        SessionCalls.Require(await tenant.Client.SendMessageAsync(session, "before", Cancellation), 200);

        var run = await RunOnceAsync(tenant.Client, Message("from the task", session));

        Assert.Equal(session, Text(ResultOf(run), "sessionId"));
        var history = await tenant.Client.HistoryAsync(session, Cancellation);
        Assert.Equal(4, history.Count);
        Assert.Equal(["before", "from the task"], history.Where(message => Text(message, "role") == "user").Select(message => Text(message, "content")));
    }

    [Fact]
    public async Task A_session_that_was_deleted_fails_the_run()
    {
        using var tenant = await NewTenantAsync();
        var session = await tenant.Client.CreateSessionAsync(Cancellation);
        var id = await CreateAsync(tenant.Client, Body(Message("hello", session)));
        SessionCalls.Require(await tenant.Client.DeleteAsync($"/api/sessions/{session}", Cancellation), 200);

        ErrorOf(await RunToEndAsync(tenant.Client, id));
    }

    [Fact]
    public async Task A_commands_output_is_the_runs_result()
    {
        using var tenant = await NewTenantAsync();

        var run = await RunOnceAsync(tenant.Client, Command("echo 你好; echo oops >&2; basename $PWD"));

        AreSame("""{"stdout":"你好\nProjects\n","stderr":"oops\n","exitCode":0,"truncated":false}""", ResultOf(run));
    }

    [Fact]
    public async Task A_command_runs_at_the_root_of_the_workspace_unless_it_is_told()
    {
        using var tenant = await NewTenantAsync();

        var run = await RunOnceAsync(tenant.Client, new { type = "command", command = "ls -d Projects" });

        Assert.Equal("Projects\n", Text(ResultOf(run), "stdout"));
    }

    [Fact]
    public async Task A_long_output_is_cut()
    {
        using var tenant = await NewTenantAsync();

        var result = ResultOf(await RunOnceAsync(tenant.Client, Command("head -c 100000 /dev/zero | tr '\\0' o; head -c 20000 /dev/zero | tr '\\0' e >&2")));

        Assert.True(result.GetProperty("truncated").GetBoolean());
        Assert.Equal((new string('o', KeptOutput), new string('e', KeptOutput)), (Text(result, "stdout"), Text(result, "stderr")));
    }

    [Fact]
    public async Task A_long_output_is_cut_at_a_whole_character()
    {
        using var tenant = await NewTenantAsync();

        var stdout = Text(ResultOf(await RunOnceAsync(tenant.Client, Command("printf x; for i in {1..6000}; do printf 汉; done"))), "stdout");

        Assert.Equal("x" + new string('汉', stdout.Length - 1), stdout);
        Assert.InRange(Encoding.UTF8.GetByteCount(stdout), KeptOutput - 3, KeptOutput);
    }

    /// <summary>Whether the run is called failed or not, its owner is told how the command ended.</summary>
    [Fact]
    public async Task The_exit_code_of_a_command_is_told()
    {
        using var tenant = await NewTenantAsync();

        var run = await RunOnceAsync(tenant.Client, Command("echo why >&2; exit 73"), ("retries", 0));

        Assert.Contains("73", run.GetRawText().Replace(Text(run, "runId"), "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("why", run.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_attempt_that_takes_too_long_is_ended()
    {
        using var tenant = await NewTenantAsync();
        var mark = MarkedProcesses.NewMark();

        var run = await RunOnceAsync(tenant.Client, Command($"exec -a {mark} sleep 1000"), ("timeout", 1000), ("retries", 0));

        ErrorOf(run, "timeout");
        Assert.InRange((Shape.Time(run, "finishedAt") - Shape.Time(run, "startedAt")).TotalSeconds, 0.9, 10);
        await MarkedProcesses.GoneAsync(mark, Cancellation);
    }

    [Fact]
    public async Task A_turn_that_takes_too_long_is_ended()
    {
        using var tenant = await NewTenantAsync(Servers.Endless);
        var session = await tenant.Client.CreateSessionAsync(Cancellation);

        var run = await RunOnceAsync(tenant.Client, Message(CodeQuestion, session), ("timeout", 1000), ("retries", 0));

        ErrorOf(run, "timeout");
        await Eventually.IsAsync(
            async () => (await tenant.Client.GetSessionAsync(session, Cancellation)).Text("status"), status => status == "idle", Cancellation);
    }

    [Fact]
    public async Task A_skill_that_is_not_installed_fails_the_runs_until_it_is()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Body(Echo("now")));

        var before = await RunToEndAsync(tenant.Client, id);
        await InstallEchoAsync(tenant.Client);
        var after = await RunToEndAsync(tenant.Client, id);

        Assert.Contains("echo", ErrorOf(before).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, before.GetProperty("attempt").GetInt32());
        AreSame("""{"text":"now"}""", ResultOf(after));
        Assert.False(HasValue(await TaskAsync(tenant.Client, id), "warnings"));
    }

    [Fact]
    public async Task What_a_skill_refuses_fails_the_run_and_is_not_tried_again()
    {
        using var tenant = await NewTenantAsync();
        await InstallEchoAsync(tenant.Client);
        var refused = await RunOnceAsync(tenant.Client, new { type = "skill", name = "echo", action = "say", @params = new { text = 7 } });
        var unknown = await RunOnceAsync(tenant.Client, new { type = "skill", name = "echo", action = "sing", @params = new { } });
        SessionCalls.Require(await tenant.Client.PatchAsync("/api/skills/echo", new { enabled = false }, Cancellation), 200);
        var disabled = await RunOnceAsync(tenant.Client, Echo("now"));

        Assert.All(new[] { refused, unknown, disabled }, run =>
        {
            Assert.Equal("INVALID_REQUEST", Text(ErrorOf(run), "code"));
            Assert.Equal(1, run.GetProperty("attempt").GetInt32());
        });
        Assert.Contains("text", refused.GetProperty("error").GetProperty("details").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_is_told_in_the_readers_language()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Body(Missing));
        await RunToEndAsync(tenant.Client, id);

        Assert.Equal((true, false), (await IsChineseAsync("zh-CN"), await IsChineseAsync("en")));

        async Task<bool> IsChineseAsync(string language)
        {
            var answer = SessionCalls.Require(
                await tenant.Client.GetAsync($"/api/tasks/{id}/runs", Cancellation, ("Accept-Language", language)), 200);
            var run = Assert.Single(answer.Json.GetProperty("runs").EnumerateArray());
            return Text(run.GetProperty("error"), "message").Any(character => character is >= '\u4e00' and <= '\u9fff');
        }
    }

    [Fact]
    public async Task Failures_are_counted_until_a_run_succeeds()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Body(Echo("at last")));

        await RunToEndAsync(tenant.Client, id);
        await TaskAsync(tenant.Client, id, task => task.GetProperty("failures").GetInt32() == 1);
        await RunToEndAsync(tenant.Client, id);
        await TaskAsync(tenant.Client, id, task => task.GetProperty("failures").GetInt32() == 2);
        await InstallEchoAsync(tenant.Client);
        await RunToEndAsync(tenant.Client, id);

        await TaskAsync(tenant.Client, id, task => task.GetProperty("failures").GetInt32() == 0);
    }

    [Fact]
    public async Task A_failure_before_the_next_slot_waits_for_another_attempt()
    {
        using var tenant = await NewTenantAsync();
        await InstallFlakyAsync(tenant.Client);
        var id = await CreateAsync(tenant.Client, Body(Skill("flaky")));

        var run = await StatusAsync(tenant.Client, id, await RunAsync(tenant.Client, id), "retrying");

        Assert.Equal(1, run.GetProperty("attempt").GetInt32());        Assert.False(HasValue(run, "finishedAt"), run.GetRawText());
    }

    [Fact]
    public async Task A_task_that_is_not_to_be_tried_again_fails_at_its_first_attempt()
    {
        using var tenant = await NewTenantAsync();
        await InstallFlakyAsync(tenant.Client);

        var run = await RunOnceAsync(tenant.Client, Skill("flaky"), ("retries", 0));

        Assert.Contains("the ink is dry", ErrorOf(run).GetRawText(), StringComparison.Ordinal);
        Assert.Equal(1, run.GetProperty("attempt").GetInt32());
    }

    /// <summary>A skill that fails when it is executed for the first time.</summary>
    private static Task<ApiResponse> InstallFlakyAsync(ApiClient client) => SkillFolders.InstallAsync(
        client, "flaky", Cancellation,
        ("SKILL.md", SkillFolders.Manifest("flaky", "Fails at first.", "Do not call it.")),
        ("actions.json",
            """
            {"actions":[{"name":"write","runner":{"type":"command",
              "command":["bash","-c","if [ -e /workspace/Projects/ink ]; then echo '{\"wet\":true}'; else touch /workspace/Projects/ink; echo the ink is dry >&2; exit 7; fi"]}}]}
            """));
}
