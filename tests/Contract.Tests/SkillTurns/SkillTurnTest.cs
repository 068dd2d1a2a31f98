using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.SkillTurns;

/// <summary>A conversation with the scripted model that has skills, in one call each.</summary>
public abstract class SkillTurnTest(SkillTurnsFixture fixture)
{
    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected Task<TestTenant> NewTenantAsync() => fixture.NewTenantAsync(Cancellation);

    /// <summary>A word that no other test says, by which requests are found.</summary>
    protected static string NewMark() => "mark" + Guid.NewGuid().ToString("n")[..12];

    /// <summary>Installs a skill whose action <c>say</c> answers its parameters.</summary>
    protected static Task<ApiResponse> InstallEchoAsync(ApiClient client, string body = "Call say.", string more = "") => SkillFolders.InstallAsync(
        client, "echo", Cancellation,
        ("SKILL.md", SkillFolders.Manifest("echo", "Says again what it is told.", body, more: more)), ("actions.json", SkillFolders.Echo));

    /// <summary>Sends the lines as one message and returns the answer to it.</summary>
    protected static async Task<JsonElement> SayAsync(ApiClient client, string sessionId, params string[] lines) =>
        SessionCalls.Require(await client.SendMessageAsync(sessionId, string.Join('\n', lines), Cancellation), 200).Json;

    /// <summary>The same in a session of its own.</summary>
    protected static async Task<JsonElement> SayOnceAsync(ApiClient client, params string[] lines) =>
        await SayAsync(client, await client.CreateSessionAsync(Cancellation), lines);

    /// <summary>What the model was asked in turns whose prompt holds the mark, in order.</summary>
    protected async Task<List<AskedModel>> AskedAsync(string mark) =>
        [.. (await fixture.Model.RequestsAsync()).Where(request => request.Body.Contains(mark, StringComparison.Ordinal)).Select(AskedModel.Of)];

    /// <summary>The executions that a message tells of, as <c>skill/action</c>.</summary>
    protected static List<string> ExecutedIn(JsonElement actions) =>
    [
        .. actions.EnumerateArray().Where(action => action.GetProperty("type").GetString() == "skill_executed")
            .Select(action => $"{action.GetProperty("skill").GetString()}/{action.GetProperty("action").GetString()}"),
    ];

    protected static List<string> ExecutedBy(JsonElement answer) => ExecutedIn(answer.GetProperty("response").GetProperty("actions"));

    protected static async Task<List<JsonElement>> RunsAsync(ApiClient client, string skill) =>
        [.. SessionCalls.Require(await client.GetAsync($"/api/skills/{skill}/runs", Cancellation), 200).Json.GetProperty("runs").EnumerateArray()];
}
