using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.SkillTurns;

/// <summary>Skills without actions of their own, whose execution is a turn.</summary>
[Collection(SkillTurnsCollection.Name)]
public sealed class PromptTests(SkillTurnsFixture fixture) : SkillTurnTest(fixture)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_bare_skill_is_a_turn_of_its_own_with_its_text_as_instructions(bool oneTurnAtOnce)
    {
        using var tenant = await NewTenantAsync();
        if (oneTurnAtOnce)
            SessionCalls.Require(await tenant.Admin.PutAsync($"/api/admin/tenants/{tenant.TenantId}/limits", new { concurrentTurns = 1 }, Cancellation), 200);
        var (mark, body) = (NewMark(), NewMark());
        await SkillFolders.InstallAsync(tenant.Client, "bare", Cancellation, ("SKILL.md", SkillFolders.Manifest("bare", "Writes.", $"Write as {body} does.")));
        await SkillFolders.InstallAsync(tenant.Client, "other", Cancellation, ("SKILL.md", SkillFolders.Manifest("other", "Reads.", "Read.")));
        await InstallEchoAsync(tenant.Client);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        var input = $"#say=inner words for {mark}";

        var answer = await SayAsync(tenant.Client, id, mark, $$"""#tool=skill_bare_run {"input":"{{input}}"}""");

        var asked = await AskedAsync(mark);
        var (outer, inner) = (asked[0], Assert.Single(asked, request => request.System.Contains(body, StringComparison.Ordinal)));
        Assert.Contains("skill_bare_run", outer.Tools);
        Assert.Contains("skill_other_run", outer.Tools);
        Assert.Equal(input, inner.UserText);
        Assert.DoesNotContain("skill_bare_run", inner.Tools);
        Assert.DoesNotContain("skill_other_run", inner.Tools);
        Assert.Contains("skill_echo_say", inner.Tools);
        Assert.Contains($"inner words for {mark}", Assert.Single(asked[^1].Results), StringComparison.Ordinal);
        Assert.Equal(["bare/run"], ExecutedBy(answer));
        Assert.Equal("succeeded", Assert.Single(await RunsAsync(tenant.Client, "bare")).GetProperty("status").GetString());
        var sessions = SessionCalls.Require(await tenant.Client.GetAsync("/api/sessions", Cancellation), 200).Json.GetProperty("sessions").EnumerateArray();
        Assert.Equal([id], sessions.Select(session => session.GetProperty("sessionId").GetString()));
    }
}
