using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Turns;

public abstract class CancelTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : CancelTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : CancelTests(servers.OnPostgres);

    [Fact]
    public async Task A_cancelled_turn_is_done_and_what_it_said_stays()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var turn = await RunningTurn.StartAsync(tenant, id, CodeQuestion, Cancellation);
        var cancelled = await tenant.Client.PostAsync($"/api/sessions/{id}/cancel", "{}", Cancellation);
        Assert.Equal(200, cancelled.Status);
        var done = await turn.FinishAsync(Cancellation);
        Assert.Equal("done", done.Type);
        Assert.Equal("cancelled", done.Text("finishReason"));
        var history = await tenant.Client.HistoryAsync(id, Cancellation);
        Assert.Equal(2, history.Count);
        Assert.Equal(Transcript.Bare(Transcript.Of(turn.Frames)), Transcript.Bare(history[1].GetProperty("content").GetString()!));
        Assert.Equal("idle", (await tenant.Client.GetSessionAsync(id, Cancellation)).Text("status"));
        Assert.Equal("stop", (await tenant.Client.SendMessageAsync(id, "hello", Cancellation)).Text("finishReason"));
    }

    [Fact]
    public async Task A_cancel_needs_no_body()
    {
        using var tenant = await NewTenantAsync(Servers.Endless);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var stream = await tenant.Client.StreamMessageAsync(id, CodeQuestion, Cancellation);
        Assert.Equal(200, (await tenant.Client.PostAsync($"/api/sessions/{id}/cancel", null, Cancellation)).Status);
        Assert.Equal("cancelled", (await stream.ReadToEndAsync(Cancellation))[^1].Text("finishReason"));
    }

    [Fact]
    public async Task The_message_that_waits_is_answered_after_a_cancel()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var turn = await RunningTurn.StartAsync(tenant, id, CodeQuestion, Cancellation);
        await using var waiting = await tenant.Client.StreamMessageAsync(id, "hello", Cancellation);
        Assert.True((await waiting.ReadFrameAsync(Cancellation))!.IsStatus("queued"));
        await tenant.Client.PostAsync($"/api/sessions/{id}/cancel", "{}", Cancellation);
        Assert.Equal("cancelled", (await turn.FinishAsync(Cancellation)).Text("finishReason"));
        Assert.Equal("stop", (await waiting.ReadToEndAsync(Cancellation))[^1].Text("finishReason"));
    }

    [Fact]
    public async Task Deleting_a_session_stops_its_turn_and_ends_its_streams()
    {
        using var tenant = await NewTenantAsync(Servers.Endless);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var watch = await tenant.Client.WatchAsync(id, 0, Cancellation);
        await using var stream = await tenant.Client.StreamMessageAsync(id, CodeQuestion, Cancellation);
        await watch.ReadUntilAsync(frame => frame.Type == "message", Cancellation);
        var deleted = await tenant.Client.DeleteAsync($"/api/sessions/{id}", Cancellation);
        Assert.Equal(200, deleted.Status);
        await stream.ReadToEndAsync(Cancellation);
        await watch.ReadToEndAsync(Cancellation);
        ErrorAssert.IsNotFound(await tenant.Client.GetSessionAsync(id, Cancellation));
        ErrorAssert.IsNotFound(await tenant.Client.GetAsync($"/api/sessions/{id}/messages", Cancellation));
    }

    [Fact]
    public async Task Deleting_a_session_answers_the_caller_that_waits()
    {
        using var tenant = await NewTenantAsync(Servers.Endless);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var watch = await tenant.Client.WatchAsync(id, 0, Cancellation);
        var sending = tenant.Client.SendMessageAsync(id, CodeQuestion, Cancellation);
        await watch.ReadUntilAsync(frame => frame.Type == "message", Cancellation);
        await tenant.Client.DeleteAsync($"/api/sessions/{id}", Cancellation);
        var response = await sending;
        Assert.True(response.Status == 404 || (response.Status == 200 && response.Text("finishReason") == "cancelled"), response.ToString());
    }
}
