using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.SkillTurns;

/// <summary>What a conversation is offered of the tenant's skills.</summary>
[Collection(SkillTurnsCollection.Name)]
public sealed class OfferTests(SkillTurnsFixture fixture) : SkillTurnTest(fixture)
{
    private static readonly string[] Offered = ["skill_github_create-repo", "skill_report-generator_generate", "skill_echo_say", "skills_read"];

    [Fact]
    public async Task Skills_are_told_by_name_and_description_their_actions_are_tools_and_their_text_is_read_on_demand()
    {
        using var tenant = await NewTenantAsync();
        var (mark, body) = (NewMark(), NewMark());
        await InstallEchoAsync(tenant.Client, $"The text is {body}.");
        var skills = SessionCalls.Require(await tenant.Client.GetAsync("/api/skills", Cancellation), 200).Json.GetProperty("skills").EnumerateArray().ToList();

        await SayOnceAsync(tenant.Client, mark, """#tool=skills_read {"name":"echo"}""");

        var asked = await AskedAsync(mark);
        Assert.Equal(2, asked.Count);
        foreach (var tool in Offered) Assert.Contains(tool, asked[0].Tools);
        Assert.Equal(["echo", "github", "report-generator"], skills.Select(skill => skill.GetProperty("name").GetString()).Order());
        Assert.All(skills, skill =>
        {
            Assert.Contains(skill.GetProperty("name").GetString()!, asked[0].System, StringComparison.Ordinal);
            Assert.Contains(skill.GetProperty("description").GetString()!, asked[0].System, StringComparison.Ordinal);
        });
        Assert.DoesNotContain(body, asked[0].System, StringComparison.Ordinal);
        Assert.Contains(body, Assert.Single(asked[1].Results), StringComparison.Ordinal);
        Assert.DoesNotContain(body, asked[1].System, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_skill_is_not_offered()
    {
        using var tenant = await NewTenantAsync();
        var (mark, body) = (NewMark(), NewMark());
        await InstallEchoAsync(tenant.Client, body);
        SessionCalls.Require(await tenant.Client.PatchAsync("/api/skills/echo", new { enabled = false }, Cancellation), 200);

        var answer = await SayOnceAsync(tenant.Client, mark, """#tool=skills_read {"name":"echo"}""", """#tool=skill_echo_say {"text":"one"}""");

        var asked = await AskedAsync(mark);
        Assert.Contains("skill_report-generator_generate", asked[0].Tools);
        Assert.DoesNotContain("skill_echo_say", asked[0].Tools);
        Assert.DoesNotContain("Says again what it is told.", asked[0].System, StringComparison.Ordinal);
        Assert.DoesNotContain(body, string.Concat(asked[^1].Results), StringComparison.Ordinal);
        Assert.Empty(ExecutedBy(answer));
        Assert.Empty(await RunsAsync(tenant.Client, "echo"));
    }

    [Fact]
    public async Task A_skill_that_models_shall_not_invoke_is_not_offered_and_callers_execute_it()
    {
        using var tenant = await NewTenantAsync();
        var mark = NewMark();
        await InstallEchoAsync(tenant.Client, more: "disable-model-invocation: true\n");

        var answer = await SayOnceAsync(tenant.Client, mark, """#tool=skill_echo_say {"text":"one"}""");
        var executed = await tenant.Client.PostAsync("/api/skills/echo/execute", new { action = "say", @params = new { text = "two" } }, Cancellation);

        var asked = await AskedAsync(mark);
        Assert.Contains("skill_report-generator_generate", asked[0].Tools);
        Assert.DoesNotContain("skill_echo_say", asked[0].Tools);
        Assert.DoesNotContain("Says again what it is told.", asked[0].System, StringComparison.Ordinal);
        Assert.Empty(ExecutedBy(answer));
        Assert.Equal("succeeded", SessionCalls.Require(executed, 200).Text("status"));
        Assert.Single(await RunsAsync(tenant.Client, "echo"));
    }

    [Fact]
    public async Task A_sender_who_may_not_execute_is_not_offered_actions()
    {
        using var tenant = await NewTenantAsync();
        var (mark, others) = (NewMark(), NewMark());
        await InstallEchoAsync(tenant.Client);
        using var writer = tenant.ClientWith((await tenant.CreateKeyAsync(["read", "write"], Cancellation)).Key);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);

        var answer = await SayAsync(writer, id, mark, """#tool=skill_echo_say {"text":"one"}""");
        var asked = await AskedAsync(mark);
        await SayAsync(tenant.Client, id, others);

        Assert.NotEmpty(asked);
        Assert.All(asked, request => Assert.DoesNotContain(request.Tools, tool => tool.StartsWith("skill_", StringComparison.Ordinal)));
        Assert.Contains("files_write", asked[0].Tools);
        Assert.Empty(ExecutedBy(answer));
        Assert.Empty(await RunsAsync(tenant.Client, "echo"));
        // The same session, by a sender who may.
        Assert.Contains("skill_echo_say", (await AskedAsync(others))[^1].Tools);
    }

    [Fact]
    public async Task Commands_of_a_conversation_see_the_skills_folder_and_those_of_callers_do_not()
    {
        using var tenant = await NewTenantAsync();
        var (mark, body) = (NewMark(), NewMark());
        await InstallEchoAsync(tenant.Client, body);

        await SayOnceAsync(tenant.Client, mark, """#tool=commands_run {"command":"cat /opt/skills/echo/SKILL.md; touch /opt/skills/echo/more"}""");
        var called = await tenant.Client.PostAsync(
            "/api/commands/execute", new { command = "test -e /opt/skills/echo && echo there || echo nothing", cwd = "/" }, Cancellation);

        var result = Assert.Single((await AskedAsync(mark))[^1].Results);
        Assert.Contains(body, result, StringComparison.Ordinal);
        Assert.Contains("Read-only file system", result, StringComparison.Ordinal);
        Assert.Equal("nothing\n", SessionCalls.Require(called, 200).Text("stdout"));
    }
}
