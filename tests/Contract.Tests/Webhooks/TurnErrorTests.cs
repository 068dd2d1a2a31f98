using OpenClaw.Contract.Tests.SkillTurns;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Webhooks;

namespace OpenClaw.Contract.Tests.Webhooks;

/// <summary>Turns that fail, and skills that turns execute, with the scripted model.</summary>
[Collection(SkillTurnsCollection.Name)]
public sealed class TurnErrorTests(SkillTurnsFixture fixture) : SkillTurnTest(fixture)
{
    private static Task<ApiResponse> SubscribeAsync(ApiClient client, string @event, string url) =>
        client.PostAsync("/api/webhooks", new { @event, url }, Cancellation);

    [Fact]
    public async Task A_turn_that_fails_is_an_error_and_sends_no_message()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Cancellation);
        using var tenant = await NewTenantAsync();
        SessionCalls.Require(await SubscribeAsync(tenant.Client, "*", receiver.Url()), 201);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        var answer = await tenant.Client.SendMessageAsync(id, "#status=401", Cancellation);

        var error = (await receiver.WaitForAsync("error.occurred", Cancellation)).Data;

        Assert.Equal(("session", id), (error.GetProperty("source").GetString(), error.GetProperty("sessionId").GetString()));
        Assert.False(string.IsNullOrEmpty(error.GetProperty("turnId").GetString()));
        Assert.True(error.GetProperty("sessionSeq").GetInt64() > 0);
        Assert.Equal(answer.Text("error", "code"), error.GetProperty("error").GetProperty("code").GetString());
        Assert.False(string.IsNullOrEmpty(error.GetProperty("error").GetProperty("message").GetString()));
        Assert.Equal(["message.received", "error.occurred"], receiver.Received.Select(webhook => webhook.Type));
    }

    [Fact]
    public async Task A_skill_that_a_turn_executed_tells_its_session_and_turn()
    {
        await using var receiver = await WebhookReceiver.StartAsync(Cancellation);
        using var tenant = await NewTenantAsync();
        await InstallEchoAsync(tenant.Client);
        SessionCalls.Require(await SubscribeAsync(tenant.Client, "*", receiver.Url()), 201);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await SayAsync(tenant.Client, id, """#tool=skill_echo_say {"text":"hello"}""");

        var executed = (await receiver.WaitForAsync("skill.executed", Cancellation)).Data;
        var received = (await receiver.WaitForAsync("message.received", Cancellation)).Data;

        Assert.Equal(("echo", "say", id), (executed.GetProperty("skill").GetString(), executed.GetProperty("action").GetString(), executed.GetProperty("sessionId").GetString()));
        Assert.Equal(received.GetProperty("turnId").GetString(), executed.GetProperty("turnId").GetString());
    }
}
