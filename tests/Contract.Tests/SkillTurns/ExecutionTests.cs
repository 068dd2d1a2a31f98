using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.SkillTurns;

/// <summary>Actions of skills that conversations execute.</summary>
[Collection(SkillTurnsCollection.Name)]
public sealed class ExecutionTests(SkillTurnsFixture fixture) : SkillTurnTest(fixture)
{
    [Fact]
    public async Task An_action_is_run_its_result_reaches_the_model_and_the_message_tells_of_it()
    {
        using var tenant = await NewTenantAsync();
        var mark = NewMark();
        await InstallEchoAsync(tenant.Client);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);

        var answer = await SayAsync(tenant.Client, id, mark, """#tool=skill_echo_say {"text":"回声 one"}""");

        Assert.Equal(["echo/say"], ExecutedBy(answer));
        Assert.Equal("stop", answer.GetProperty("finishReason").GetString());
        Assert.Contains("回声 one", Assert.Single((await AskedAsync(mark))[^1].Results), StringComparison.Ordinal);
        Assert.Contains("回声 one", answer.GetProperty("response").GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Equal(["echo/say"], ExecutedIn((await tenant.Client.HistoryAsync(id, Cancellation))[^1].GetProperty("actions")));
        var run = Assert.Single(await RunsAsync(tenant.Client, "echo"));
        Assert.Equal(
            ("say", "1.0.0", "succeeded", id),
            (run.GetProperty("action").GetString(), run.GetProperty("version").GetString(), run.GetProperty("status").GetString(), run.GetProperty("sessionId").GetString()));
        Assert.False(string.IsNullOrEmpty(run.GetProperty("turnId").GetString()));
        var frames = await tenant.Client.ReplayAsync(id, 1, Cancellation);
        Assert.Equal(
            ["skill_echo_say started", "skill_echo_say succeeded"],
            frames.Where(frame => frame.Type == "tool").Select(frame => $"{frame.Text("name")} {frame.Text("status")}"));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"text":7}""")]
    [InlineData("""{"text":"one","more":true}""")]
    public async Task Arguments_that_break_the_schema_are_told_to_the_model_and_nothing_runs(string arguments)
    {
        using var tenant = await NewTenantAsync();
        var mark = NewMark();
        await InstallEchoAsync(tenant.Client);

        var answer = await SayOnceAsync(tenant.Client, mark, $"#tool=skill_echo_say {arguments}");

        Assert.Matches("text|more", Assert.Single((await AskedAsync(mark))[^1].Results));
        Assert.Empty(ExecutedBy(answer));
        Assert.Empty(await RunsAsync(tenant.Client, "echo"));
    }

    [Fact]
    public async Task Why_an_action_failed_is_told_to_the_model()
    {
        using var tenant = await NewTenantAsync();
        var mark = NewMark();
        await SkillFolders.InstallAsync(
            tenant.Client, "broken", Cancellation,
            ("SKILL.md", SkillFolders.Manifest("broken", "Fails.", "Do not call it.")),
            ("actions.json", """{"actions":[{"name":"fail","runner":{"type":"command","command":["bash","-c","echo the ink is dry >&2; exit 7"]}}]}"""));
        var id = await tenant.Client.CreateSessionAsync(Cancellation);

        var answer = await SayAsync(tenant.Client, id, mark, "#tool=skill_broken_fail {}");

        Assert.Equal("stop", answer.GetProperty("finishReason").GetString());
        Assert.Contains("the ink is dry", Assert.Single((await AskedAsync(mark))[^1].Results), StringComparison.Ordinal);
        Assert.Equal("failed", Assert.Single(await RunsAsync(tenant.Client, "broken")).GetProperty("status").GetString());
        var frames = await tenant.Client.ReplayAsync(id, 1, Cancellation);
        Assert.Equal(["started", "failed"], frames.Where(frame => frame.Type == "tool").Select(frame => frame.Text("status")));
    }

    [Fact]
    public async Task A_policy_that_asks_makes_the_turn_wait_and_then_the_action_runs()
    {
        using var tenant = await NewTenantAsync();
        await InstallEchoAsync(tenant.Client);
        var id = await tenant.Client.CreateSessionAsync(Cancellation, new { toolPolicy = new[] { new { tool = "skill_*", decision = "ask" } } });

        var waiting = await SayAsync(tenant.Client, id, """#tool=skill_echo_say {"text":"allowed"}""");
        Assert.Equal("approval", waiting.GetProperty("finishReason").GetString());
        var request = Assert.Single(waiting.GetProperty("approvals").EnumerateArray());
        Assert.Equal("skill_echo_say", request.GetProperty("tool").GetString());
        Assert.Empty(await RunsAsync(tenant.Client, "echo"));
        var path = $"/api/sessions/{id}/approvals/{request.GetProperty("approvalId").GetString()}";
        SessionCalls.Require(await tenant.Client.PostAsync(path, new { decision = "allow-once" }, Cancellation), 200);
        var frames = await tenant.Client.ReplayAsync(id, 1, Cancellation);

        Assert.Equal("done", frames[^1].Type);
        var message = (await tenant.Client.HistoryAsync(id, Cancellation))[^1];
        Assert.Equal(["echo/say"], ExecutedIn(message.GetProperty("actions")));
        Assert.Contains("allowed", message.GetProperty("content").GetString(), StringComparison.Ordinal);
        Assert.Equal("succeeded", Assert.Single(await RunsAsync(tenant.Client, "echo")).GetProperty("status").GetString());
    }

    [Fact]
    public async Task The_fifty_first_execution_in_a_minute_is_refused_to_the_model_in_words()
    {
        using var tenant = await NewTenantAsync();
        var mark = NewMark();
        await InstallEchoAsync(tenant.Client);
        // Requests count whether they are valid or not.
        for (var number = 1; number <= 49; number++)
            ErrorAssert.IsInvalid(await tenant.Client.PostAsync("/api/skills/echo/execute", new { action = "none" }, Cancellation), "action");

        var answer = await SayOnceAsync(
            tenant.Client, mark, """#tool=skill_echo_say {"text":"the fiftieth"}""", """#tool=skill_echo_say {"text":"the fifty-first"}""");

        var results = (await AskedAsync(mark))[^1].Results;
        Assert.Equal(2, results.Count);
        Assert.Contains("the fiftieth", results[0], StringComparison.Ordinal);
        Assert.DoesNotContain("the fifty-first", results[1], StringComparison.Ordinal);
        Assert.Matches("(?i)too many|limit|again in", results[1]);
        Assert.Equal("stop", answer.GetProperty("finishReason").GetString());
        Assert.Equal(["echo/say"], ExecutedBy(answer));
        Assert.Single(await RunsAsync(tenant.Client, "echo"));
        ErrorAssert.IsRateLimited(await tenant.Client.PostAsync("/api/skills/echo/execute", new { action = "say", @params = new { text = "x" } }, Cancellation), 50);
    }
}
