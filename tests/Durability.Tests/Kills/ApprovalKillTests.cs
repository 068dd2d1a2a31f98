using System.Text.Json;
using OpenClaw.Testing;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Durability.Tests.Kills;

/// <summary>The server is killed while a turn waits for an approval, and right after the answer.</summary>
[Trait("Category", "Slow")]
public sealed class ApprovalKillTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(DatabaseKind.Sqlite)]
    [InlineData(DatabaseKind.Postgres)]
    public async Task A_request_its_answer_and_the_call_survive_kills_and_the_call_is_made_once(DatabaseKind database)
    {
        await using var server = await ServerProcess.StartAsync(new ServerSettings { Database = database }, Cancellation);
        string id;
        JsonElement asked;
        using (var client = server.CreateAdminClient())
        {
            id = await client.CreateSessionAsync(Cancellation, new { toolPolicy = new[] { new { tool = "commands_*", decision = "ask" } } });
            var waiting = SessionCalls.Require(await client.SendMessageAsync(id, "run `echo once >>log.txt`", Cancellation), 200);
            asked = waiting.Json.GetProperty("approvals")[0];
            server.Kill();
        }

        await server.RestartAsync(Cancellation);
        using (var client = server.CreateAdminClient())
        {
            var list = SessionCalls.Require(await client.GetAsync($"/api/sessions/{id}/approvals", Cancellation), 200);
            Assert.Equal(asked.GetRawText(), list.Json.GetProperty("approvals")[0].GetRawText());
            var path = $"/api/sessions/{id}/approvals/{asked.GetProperty("approvalId").GetString()}";
            SessionCalls.Require(await client.PostAsync(path, new { decision = "allow-once" }, Cancellation), 200);
            server.Kill();
        }

        await server.RestartAsync(Cancellation);
        using var again = server.CreateAdminClient();
        var frames = await again.ReplayAsync(id, 1, Cancellation);
        Assert.Equal("done", frames[^1].Type);
        Assert.Single(frames, frame => frame.Type == "approval");
        Assert.Empty((await again.GetAsync($"/api/sessions/{id}/approvals", Cancellation)).Json.GetProperty("approvals").EnumerateArray());
        // It has run, or the model was told that it may have: never twice.
        var log = await again.GetAsync("/api/files/read?path=/log.txt", Cancellation);
        Assert.True(log.Status == 404 || log.Text("content") == "once\n", log.ToString());
    }
}
