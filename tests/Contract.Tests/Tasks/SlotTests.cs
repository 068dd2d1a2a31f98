using System.Text.Json;
using OpenClaw.Contract.Tests.Support;

namespace OpenClaw.Contract.Tests.Tasks;

/// <summary>Tasks that run at their slots.</summary>
public abstract class SlotTests(DatabaseServers servers) : TaskTest(servers)
{
    public sealed class OnSqlite(Servers servers) : SlotTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : SlotTests(servers.OnPostgres);

    [Fact]
    public async Task Actions_of_every_kind_run_at_their_slots()
    {
        using var tenant = await NewTenantAsync();
        await InstallEchoAsync(tenant.Client);
        var skill = await CreateAsync(tenant.Client, Echo("tick"), EverySecond, ("overlap", "queue"));
        var message = await CreateAsync(tenant.Client, Message("tick"), EverySecond, ("overlap", "queue"));
        var command = await CreateAsync(tenant.Client, Command("echo tick"), EverySecond, ("overlap", "queue"));

        var results = new List<JsonElement>();
        foreach (var id in new[] { skill, message, command })
        {
            var runs = await RunsAsync(tenant.Client, id, runs => runs.Count(HasEnded) >= 2);
            await ChangeAsync(tenant.Client, id, new { status = "paused" });
            var ended = runs.FindAll(HasEnded);
            Assert.All(ended, run => Assert.Equal(("schedule", 1), (Text(run, "trigger"), run.GetProperty("attempt").GetInt32())));
            var slots = runs.Select(run => Shape.Time(run, "scheduledFor")).ToList();
            // The latest first, every second, each once.
            Assert.Equal(Enumerable.Range(0, slots.Count).Select(k => slots[0].AddSeconds(-k)), slots);
            Assert.Equal(runs.Count, runs.Select(run => Text(run, "runId")).Distinct().Count());
            results.Add(ResultOf(ended[^1]));
        }

        AreSame("""{"text":"tick"}""", results[0]);
        Assert.Equal("stop", Text(results[1], "finishReason"));
        Assert.Equal("tick\n", Text(results[2], "stdout"));
    }

    [Fact]
    public async Task A_slot_is_not_run_before_its_time()
    {
        using var tenant = await NewTenantAsync();
        var id = await CreateAsync(tenant.Client, Message(), EverySecond);

        var runs = await RunsAsync(tenant.Client, id, runs => runs.Count(HasEnded) >= 2);

        Assert.All(runs.FindAll(HasEnded), run => Assert.True(Shape.Time(run, "startedAt") >= Shape.Time(run, "scheduledFor"), run.GetRawText()));
    }
}
