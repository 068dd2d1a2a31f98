using OpenClaw.Contract.Tests.SkillTurns;
using OpenClaw.Testing.Sockets;

namespace OpenClaw.Contract.Tests.Sockets;

/// <summary>A turn that fails, with the scripted model.</summary>
[Collection(SkillTurnsCollection.Name)]
public sealed class TurnErrorTests(SkillTurnsFixture fixture) : SkillTurnTest(fixture)
{
    private static readonly string[] Awaited = ["accepted", "error"];

    [Fact]
    public async Task A_turn_that_fails_is_an_error_of_the_log_and_the_connection_goes_on()
    {
        using var tenant = await NewTenantAsync();
        await using var socket = await ApiSocket.OpenAsync(tenant.Server.BaseAddress, Cancellation, "", ("X-API-Key", tenant.Key));
        await socket.AskAsync("""{"type":"subscribe","channels":["messages","tasks"]}""", "subscribed", Cancellation);
        await socket.SendAsync("""{"type":"message","content":"#status=401"}""", Cancellation);

        var frames = await socket.ReadUntilAllAsync(frames => Awaited.All(type => frames.Exists(frame => frame.Type == type)), Cancellation);

        var (accepted, error) = (frames.Find(frame => frame.Type == "accepted")!, frames.Find(frame => frame.Type == "error")!);
        Assert.True(error.IsEvent, error.Raw);
        Assert.NotNull(error.SessionSeq);
        Assert.Equal(
            ("session", accepted.Text("sessionId"), accepted.Text("turnId")), (error.DataText("source"), error.DataText("sessionId"), error.DataText("turnId")));
        Assert.Equal("INTERNAL_ERROR", error.Data.GetProperty("error").GetProperty("code").GetString());
        await socket.SendAsync(new { type = "message", content = "#tokens=3", sessionId = accepted.Text("sessionId") }, Cancellation);
        var answer = await socket.ReadUntilAsync(frame => frame.Type == "message" && frame.DataText("role") == "assistant", Cancellation);
        Assert.Equal("token1 token2 token3", answer[^1].DataText("content"));
    }
}
