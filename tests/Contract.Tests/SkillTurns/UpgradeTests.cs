using System.Diagnostics;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Skills;

namespace OpenClaw.Contract.Tests.SkillTurns;

/// <summary>A skill that becomes another while a turn has it.</summary>
[Collection(SkillTurnsCollection.Name)]
public sealed class UpgradeTests(SkillTurnsFixture fixture) : SkillTurnTest(fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_turn_keeps_the_revision_that_it_began_with_and_later_turns_have_the_new_one()
    {
        var (arrived, open) = (NewSignal(), NewSignal());
        await using var gate = await ServiceDouble.StartAsync(
            async (_, cancellation) =>
            {
                arrived.TrySetResult();
                await open.Task.WaitAsync(cancellation);
                return ServiceDouble.Answer.Of(200, new { open = true });
            },
            Cancellation);
        using var tenant = await NewTenantAsync();
        await tenant.LimitMessagesAsync(10_000, Cancellation);
        await SkillFolders.InstallAsync(
            tenant.Client, "gate", Cancellation,
            ("SKILL.md", SkillFolders.Manifest("gate", "Waits.", "Wait.")),
            ("actions.json", $$$"""{"actions":[{"name":"wait","timeoutSeconds":60,"runner":{"type":"http","url":"{{{gate.Address}}}/wait"}}]}"""));
        var (first, second) = (NewMark(), NewMark());
        await InstallAsync(tenant.Client, "1.0.0", first);
        var (mark, id) = (NewMark(), await tenant.Client.CreateSessionAsync(Cancellation));

        var saying = SayAsync(
            tenant.Client, id, mark, "#tool=skill_gate_wait {}", "#tool=skill_changing_tell {}", """#tool=skills_read {"name":"changing"}""");
        if (await Task.WhenAny(arrived.Task, saying) == saying)
            Assert.Fail($"The gate was never reached: {await saying}");
        await InstallAsync(tenant.Client, "2.0.0", second);
        open.SetResult();
        var answer = await saying;

        Assert.Equal(["gate/wait", "changing/tell"], ExecutedBy(answer));
        var results = (await AskedAsync(mark))[^1].Results;
        Assert.Equal(3, results.Count);
        Assert.All(results.Skip(1), result =>
        {
            Assert.Contains(first, result, StringComparison.Ordinal);
            Assert.DoesNotContain(second, result, StringComparison.Ordinal);
        });
        Assert.Equal("1.0.0", Assert.Single(await RunsAsync(tenant.Client, "changing")).GetProperty("version").GetString());

        await SeeAsync(tenant.Client, second);
        var executed = await tenant.Client.PostAsync("/api/skills/changing/execute", new { action = "tell" }, Cancellation);
        Assert.Equal(second, SessionCalls.Require(executed, 200).Text("result"));
    }

    /// <summary>Asks conversations for the skill's text until it holds the word: a silo may believe what it knows for a second.</summary>
    private async Task SeeAsync(ApiClient client, string word)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            var mark = NewMark();
            await SayOnceAsync(client, mark, """#tool=skills_read {"name":"changing"}""");
            var result = Assert.Single((await AskedAsync(mark))[^1].Results);
            if (result.Contains(word, StringComparison.Ordinal)) return;
            Assert.True(waited.Elapsed < Patience, result);
        }
    }

    private static Task<ApiResponse> InstallAsync(ApiClient client, string version, string word) => SkillFolders.InstallAsync(
        client, "changing", Cancellation,
        ("SKILL.md", SkillFolders.Manifest("changing", "Changes.", $"Its word is {word}.", version)),
        ("actions.json", """{"actions":[{"name":"tell","runner":{"type":"command","command":["cat","{baseDir}/word.json"]}}]}"""),
        ("word.json", $"\"{word}\""));

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
