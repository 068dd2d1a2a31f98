using System.Globalization;
using System.Text.Json;
using OpenClaw.Contract.Tests.Commands;
using OpenClaw.Contract.Tests.SkillTurns;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Tasks;

/// <summary>Tasks of a server that is killed and started again.</summary>
public abstract class TaskKillTests(DatabaseServers servers) : TaskTest(servers)
{
    /// <summary>The file to which an action adds a line each time that it runs.</summary>
    private const string Ran = "/api/files/read?path=/Projects/ran";

    /// <summary>A slot that is handled later than this is missed.</summary>
    private static readonly TimeSpan Missed = TimeSpan.FromSeconds(60);

    public sealed class OnSqlite(Servers servers) : TaskKillTests(servers.OnSqlite)
    {
        private const long TenSeconds = 10 * TimeSpan.TicksPerSecond;

        /// <summary>Two slots, both missed; a server that stays away for longer than a minute.</summary>
        [Fact]
        [Trait("Category", "Slow")]
        public async Task Of_missed_slots_the_latest_runs_or_none_or_all_as_the_task_says()
        {
            await using var server = await StartAsync();
            using var client = server.CreateAdminClient();
            // Far enough to be killed before, and in one minute with the second slot.
            var first = NextTen(TimeProvider.System.GetUtcNow().AddSeconds(3));
            var second = first.AddSeconds(5);
            var schedule = string.Create(CultureInfo.InvariantCulture, $"{first.Second},{second.Second} {first.Minute} {first.Hour} * * *");
            var ids = new Dictionary<string, string>();
            foreach (var misfire in new[] { "once", "skip", "all" })
                ids[misfire] = await CreateAsync(client, Message(), schedule, ("misfire", misfire), ("overlap", "queue"));
            var clock = await CreateAsync(client, Message(), new { everySeconds = 1 }, ("misfire", "skip"), ("overlap", "queue"));
            server.Kill();
            Assert.True(TimeProvider.System.GetUtcNow() < first, "The server was not killed before the slots.");

            await Eventually.ReachedAsync(second + Missed + TimeSpan.FromSeconds(1), Cancellation);
            await server.RestartAsync(Cancellation);

            using var again = server.CreateAdminClient();
            var all = await RunsAsync(again, ids["all"], runs => runs.Count >= 2 && runs.TrueForAll(HasEnded));
            var once = await RunsAsync(again, ids["once"], runs => runs.Count >= 1 && runs.TrueForAll(HasEnded));
            // By now the server has looked at the slots of every task.
            var ticks = await RunsAsync(again, clock, runs => runs.Exists(run => Shape.Time(run, "scheduledFor") > Shape.Time(all[0], "finishedAt") && HasEnded(run)));
            Assert.Equal([second, first], all.Select(run => Shape.Time(run, "scheduledFor")));
            Assert.True(Shape.Time(all[1], "startedAt") <= Shape.Time(all[0], "startedAt"), "The oldest comes first.");
            Assert.Equal([second], once.Select(run => Shape.Time(run, "scheduledFor")));
            Assert.Empty(await RunsAsync(again, ids["skip"]));
            Assert.DoesNotContain(ticks, run => Shape.Time(run, "scheduledFor") > first && Shape.Time(run, "scheduledFor") < second);
            var next = Shape.Time(await TaskAsync(again, ids["skip"]), "nextRunAt");
            Assert.Equal(first.AddDays(1), next);

            static DateTimeOffset NextTen(DateTimeOffset time) => new(((time.Ticks / TenSeconds) + 1) * TenSeconds, TimeSpan.Zero);
        }

        [Fact]
        [Trait("Category", "Slow")]
        public async Task An_idempotent_action_that_a_kill_has_cut_is_run_again()
        {
            await using var server = await StartAsync();
            using var client = server.CreateAdminClient();
            await SkillFolders.InstallAsync(
                client, "steady", Cancellation,
                ("SKILL.md", SkillFolders.Manifest("steady", "Goes on.", "Do not call it.")),
                ("actions.json",
                    """
                    {"actions":[{"name":"go","idempotent":true,"runner":{"type":"command",
                      "command":["bash","-c","echo again >> /workspace/Projects/ran; until [ -e /workspace/Projects/go ]; do sleep 0.05; done; echo '{\"done\":true}'"]}}]}
                    """));
            var id = await CreateAsync(client, Body(Skill("steady")));
            var runId = await RunAsync(client, id);
            await Eventually.IsAsync(() => client.GetAsync(Ran, Cancellation), answer => answer.Status == 200, Cancellation);

            server.Kill();
            await server.RestartAsync(Cancellation);

            using var again = server.CreateAdminClient();
            await LetGoAsync(again);
            var runs = await Eventually.IsAsync(
                () => RunsAsync(again, id), runs => HasEnded(Run(runs, runId)), Cancellation, TimeSpan.FromSeconds(90));
            AreSame("""{"done":true}""", ResultOf(Assert.Single(runs)));
            Assert.Equal("again\nagain\n", SessionCalls.Require(await again.GetAsync(Ran, Cancellation), 200).Text("content"));
        }
    }

    public sealed class OnPostgres(Servers servers) : TaskKillTests(servers.OnPostgres);

    private Task<ServerProcess> StartAsync(int chunkDelay = 1) => ServerProcess.StartAsync(
        new ServerSettings { Database = Servers.Database, OfflineChunkDelayMilliseconds = chunkDelay }, Cancellation);

    [Fact]
    public async Task Every_slot_runs_once_over_a_kill_also_those_that_came_meanwhile()
    {
        await using var server = await StartAsync();
        using var client = server.CreateAdminClient();
        var id = await CreateAsync(client, Message(), EverySecond, ("misfire", "skip"), ("overlap", "queue"));
        var before = await RunsAsync(client, id, runs => runs.Exists(HasEnded));
        server.Kill();
        // Some slots come and go while nobody is there.
        var back = Shape.Time(before[0], "scheduledFor").AddSeconds(4);
        await Eventually.ReachedAsync(back, Cancellation);

        await server.RestartAsync(Cancellation);

        using var again = server.CreateAdminClient();
        var runs = await RunsAsync(
            again, id, runs => runs.Exists(run => Shape.Time(run, "scheduledFor") > back.AddSeconds(2) && HasEnded(run)));
        var slots = runs.ConvertAll(run => Shape.Time(run, "scheduledFor"));
        Assert.Equal(Enumerable.Range(0, slots.Count).Select(k => slots[0].AddSeconds(-k)), slots);
        Assert.All(before, run => Assert.Contains(runs, later => Text(later, "runId") == Text(run, "runId")));
        Assert.All(runs.FindAll(HasEnded), run => Assert.Equal("succeeded", Text(run, "status")));
        // Each has said its message once, in a session of its own.
        var ended = runs.FindAll(HasEnded);
        Assert.Equal(ended.Count, ended.Select(run => Text(run, "sessionId")).Distinct().Count());
    }

    [Fact]
    public async Task A_command_that_a_kill_has_cut_has_failed_and_is_not_run_again()
    {
        await using var server = await StartAsync();
        using var client = server.CreateAdminClient();
        var mark = MarkedProcesses.NewMark();
        var id = await CreateAsync(client, Body(Command($"echo once >> ran; exec -a {mark} sleep 1000")));
        var runId = await RunAsync(client, id);
        await MarkedProcesses.ThereAsync(mark, Cancellation);

        server.Kill();
        await server.RestartAsync(Cancellation);

        using var again = server.CreateAdminClient();
        var run = await EndAsync(again, id, runId);
        ErrorOf(run);
        Assert.Equal(1, run.GetProperty("attempt").GetInt32());
        var ran = SessionCalls.Require(await again.GetAsync(Ran, Cancellation), 200);
        Assert.Equal("once\n", ran.Text("content"));
        Assert.Single(await RunsAsync(again, id));
    }

    [Fact]
    public async Task A_message_that_a_kill_has_cut_goes_on_and_its_run_succeeds()
    {
        await using var server = await StartAsync(chunkDelay: 50);
        using var client = server.CreateAdminClient();
        var session = await client.CreateSessionAsync(Cancellation);
        var id = await CreateAsync(client, Body(Message(CodeQuestion, session)));
        var runId = await RunAsync(client, id);
        await using (var watch = await client.WatchAsync(session, 0, Cancellation))
            await watch.ReadUntilAsync(frame => frame.Type == "text", Cancellation);

        server.Kill();
        await server.RestartAsync(Cancellation);

        using var again = server.CreateAdminClient();
        var result = ResultOf(await EndAsync(again, id, runId));
        var history = await again.HistoryAsync(session, Cancellation);
        Assert.Equal([CodeQuestion, Text(result, "content")], history.Select(message => Text(message, "content")));
        Assert.Equal("stop", Text(result, "finishReason"));
    }

    [Fact]
    public async Task Tasks_their_changes_and_their_runs_are_there_after_a_kill()
    {
        await using var server = await StartAsync();
        using var client = server.CreateAdminClient();
        var kept = await CreateAsync(client, Body(Message()));
        await RunToEndAsync(client, kept);
        await ChangeAsync(client, kept, new { name = "changed", status = "paused" });
        var gone = await CreateAsync(client, Body(Message()));
        SessionCalls.Require(await TryDeleteAsync(client, gone), 200);
        var before = (await TryGetAsync(client, kept)).Body;
        var runs = (await TryListRunsAsync(client, kept)).Body;

        server.Kill();
        await server.RestartAsync(Cancellation);

        using var again = server.CreateAdminClient();
        Assert.Equal(before, (await TryGetAsync(again, kept)).Body);
        Assert.Equal(runs, (await TryListRunsAsync(again, kept)).Body);
        ErrorAssert.IsNotFound(await TryGetAsync(again, gone));
        Assert.Equal(JsonValueKind.Null, (await TaskAsync(again, kept)).GetProperty("nextRunAt").ValueKind);
    }
}
