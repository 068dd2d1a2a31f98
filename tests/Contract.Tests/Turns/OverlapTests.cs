using System.Text.Json;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Turns;

/// <summary>The six rules for a message that comes while a turn runs.</summary>
public abstract class OverlapTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : OverlapTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : OverlapTests(servers.OnPostgres);

    [Theory]
    [InlineData(null)]
    [InlineData("enqueue")]
    public async Task Enqueue_lets_it_wait_for_its_turn(string? overlap)
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var first = await RunningTurn.StartAsync(tenant, id, "hello", Cancellation);
        await using var second = await tenant.Client.StreamMessageAsync(id, "你好", Cancellation, overlap);
        var waiting = await second.ReadToEndAsync(Cancellation);
        var done = await first.FinishAsync(Cancellation);
        Assert.Equal("stop", done.Text("finishReason"));
        Assert.True(waiting[0].IsStatus("queued"), waiting[0].ToString());
        Assert.Equal("stop", waiting[^1].Text("finishReason"));
        Assert.NotEqual(first.TurnId, waiting[0].TurnId);
        Assert.True(waiting.First(frame => frame.Type == "text").Seq > done.Seq, "It spoke before the first turn was done.");
        Assert.Equal(["hello", "你好"], await QuestionsAsync(tenant, id));
        Assert.Equal(4, (await tenant.Client.HistoryAsync(id, Cancellation)).Count);
    }

    [Fact]
    public async Task Messages_that_wait_are_answered_in_the_order_of_their_arrival()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var first = await RunningTurn.StartAsync(tenant, id, "hello", Cancellation);
        await using var second = await tenant.Client.StreamMessageAsync(id, "two", Cancellation);
        await second.ReadFrameAsync(Cancellation);
        var third = tenant.Client.SendMessageAsync(id, "three", Cancellation);
        Assert.Equal(200, (await third).Status);
        var replay = await tenant.Client.ReplayAsync(id, 3, Cancellation);
        var asked = replay.Where(frame => frame.Type == "message").Select(frame => frame.TurnId).ToList();
        Assert.Equal(asked, replay.Where(frame => frame.EndsTurn).Select(frame => frame.TurnId));
    }

    [Fact]
    public async Task Reject_refuses_it_and_the_running_turn_goes_on()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var first = await RunningTurn.StartAsync(tenant, id, "hello", Cancellation);
        ErrorAssert.IsConflict(await tenant.Client.SendMessageAsync(id, "no", Cancellation, "reject"));
        ErrorAssert.IsConflict(await tenant.Client.PostAsync(
            $"/api/sessions/{id}/messages/stream", new { content = "no", overlap = "reject" }, Cancellation));
        Assert.Equal("stop", (await first.FinishAsync(Cancellation)).Text("finishReason"));
        Assert.Equal(["hello"], await QuestionsAsync(tenant, id));
        Assert.Equal(200, (await tenant.Client.SendMessageAsync(id, "now", Cancellation, "reject")).Status);
    }

    [Fact]
    public async Task The_sessions_rule_holds_where_the_message_names_none_and_the_messages_own_wins()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation, new { overlap = "reject" });
        await using var first = await RunningTurn.StartAsync(tenant, id, "hello", Cancellation);
        ErrorAssert.IsConflict(await tenant.Client.SendMessageAsync(id, "no", Cancellation));
        Assert.Equal(200, (await tenant.Client.SendMessageAsync(id, "yes", Cancellation, "enqueue")).Status);
        Assert.Equal("stop", (await first.FinishAsync(Cancellation)).Text("finishReason"));
    }

    [Fact]
    public async Task Interrupt_cancels_the_running_turn_and_keeps_what_it_said()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var first = await RunningTurn.StartAsync(tenant, id, CodeQuestion, Cancellation);
        var second = await tenant.Client.SendMessageAsync(id, "你好", Cancellation, "interrupt");
        Assert.Equal("stop", second.Text("finishReason"));
        var done = await first.FinishAsync(Cancellation);
        Assert.Equal("done", done.Type);
        Assert.Equal("cancelled", done.Text("finishReason"));

        var history = await tenant.Client.HistoryAsync(id, Cancellation);
        Assert.Equal(["user", "assistant", "user", "assistant"], history.Select(message => message.GetProperty("role").GetString()));
        var kept = history[1].GetProperty("content").GetString()!;
        Assert.NotEmpty(kept);
        Assert.Equal(Transcript.Bare(Transcript.Of(first.Frames)), Transcript.Bare(kept));
    }

    [Fact]
    public async Task The_caller_of_an_interrupted_turn_gets_200_and_cancelled()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        var first = await StartPlainAsync(tenant, id, CodeQuestion);
        await tenant.Client.SendMessageAsync(id, "你好", Cancellation, "interrupt");
        var response = await first;
        Assert.Equal(200, response.Status);
        Assert.Equal("cancelled", response.Text("finishReason"));
    }

    [Fact]
    public async Task Rollback_cancels_the_running_turn_and_undoes_its_messages()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        SessionCalls.Require(await tenant.Client.SendMessageAsync(id, "hello", Cancellation), 200);
        var first = await StartPlainAsync(tenant, id, CodeQuestion);
        var second = await tenant.Client.SendMessageAsync(id, "你好", Cancellation, "rollback");
        Assert.Equal("stop", second.Text("finishReason"));
        var cancelled = await first;
        Assert.Equal(200, cancelled.Status);
        Assert.Equal("cancelled", cancelled.Text("finishReason"));

        Assert.Equal(["hello", "你好"], await QuestionsAsync(tenant, id));
        Assert.Equal(4, (await tenant.Client.HistoryAsync(id, Cancellation)).Count);
        var replay = await tenant.Client.ReplayAsync(id, 3, Cancellation);
        var undone = replay.Single(frame => frame.Type == "message" && frame.Text("content") == CodeQuestion);
        var rolledBack = replay.Single(frame => frame.Type == "rolled_back");
        Assert.Equal(undone.Seq, rolledBack.Json.GetProperty("fromSeq").GetInt64());
        Assert.Equal(4, (await tenant.Client.GetSessionAsync(id, Cancellation)).Json.GetProperty("messageCount").GetInt32());
    }

    [Fact]
    public async Task Steer_hands_it_to_the_running_turn_and_both_callers_get_its_answer()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var first = await RunningTurn.StartAsync(tenant, id, "hello", Cancellation);
        var second = await tenant.Client.SendMessageAsync(id, "你好", Cancellation, "steer");
        Assert.Equal(200, second.Status);
        var done = await first.FinishAsync(Cancellation);
        Assert.Equal(done.Text("messageId"), second.Text("messageId"));
        Assert.Equal(["hello", "你好"], await QuestionsAsync(tenant, id));
        var replay = await tenant.Client.ReplayAsync(id, 1, Cancellation);
        Assert.Single(replay.Select(frame => frame.TurnId).Distinct());
    }

    [Fact]
    public async Task Merge_makes_one_turn_of_the_messages_that_wait()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var watch = await tenant.Client.WatchAsync(id, 0, Cancellation);
        await using var first = await RunningTurn.StartAsync(tenant, id, "hello", Cancellation);
        var second = tenant.Client.SendMessageAsync(id, "two", Cancellation, "merge");
        await watch.ReadUntilAsync(frame => frame.Type == "message" && frame.Text("content") == "two", Cancellation);
        var third = tenant.Client.SendMessageAsync(id, "three", Cancellation, "merge");
        var (two, three) = (await second, await third);
        var done = await first.FinishAsync(Cancellation);
        Assert.Equal(two.Text("messageId"), three.Text("messageId"));
        Assert.Equal(two.Text("response", "content"), three.Text("response", "content"));
        Assert.NotEqual(done.Text("messageId"), two.Text("messageId"));
        Assert.Equal(["hello", "two", "three"], await QuestionsAsync(tenant, id));
        Assert.Equal(2, (await tenant.Client.HistoryAsync(id, Cancellation)).Count(message => Role(message) == "assistant"));
    }

    [Theory]
    [InlineData("enqueue")]
    [InlineData("reject")]
    [InlineData("interrupt")]
    [InlineData("rollback")]
    [InlineData("steer")]
    [InlineData("merge")]
    public async Task Every_rule_simply_answers_when_nothing_runs(string overlap)
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        for (var i = 0; i < 2; i++)
        {
            var response = await tenant.Client.SendMessageAsync(id, $"hello {i}", Cancellation, overlap);
            Assert.Equal(200, response.Status);
            Assert.Equal("stop", response.Text("finishReason"));
        }

        Assert.Equal(4, (await tenant.Client.HistoryAsync(id, Cancellation)).Count);
    }

    [Fact]
    public async Task A_hundred_messages_may_wait_and_no_more()
    {
        using var tenant = await NewTenantAsync(Servers.Endless);
        await tenant.LimitMessagesAsync(10_000, Cancellation);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var running = await tenant.Client.StreamMessageAsync(id, CodeQuestion, Cancellation);
        var opening = Enumerable.Range(0, 105).Select(i => tenant.Client.StreamMessageAsync(id, $"message {i}", Cancellation)).ToList();
        var streams = await Task.WhenAll(opening);
        Assert.Equal(100, streams.Count(stream => stream.Status == 200));
        Assert.Equal(5, streams.Count(stream => stream.Status == 409));
        ErrorAssert.IsConflict(await tenant.Client.SendMessageAsync(id, "one more", Cancellation));
        Assert.Equal(101, (await tenant.Client.HistoryAsync(id, Cancellation)).Count(message => Role(message) == "user"));
        await tenant.Client.DeleteAsync($"/api/sessions/{id}", Cancellation);
        foreach (var stream in streams)
            await stream.DisposeAsync();
    }

    /// <summary>Sends a message that is not streamed and returns once its turn speaks.</summary>
    private static async Task<Task<ApiResponse>> StartPlainAsync(TestTenant tenant, string id, string content)
    {
        await using var watch = await tenant.Client.WatchAsync(id, 0, Cancellation);
        var sending = tenant.Client.SendMessageAsync(id, content, Cancellation);
        var asked = false;
        await watch.ReadUntilAsync(
            frame => (asked |= frame.Type == "message" && frame.Text("content") == content) && frame.Type == "text", Cancellation);
        return sending;
    }

    private static async Task<IEnumerable<string?>> QuestionsAsync(TestTenant tenant, string id) =>
        from message in await tenant.Client.HistoryAsync(id, Cancellation)
        where Role(message) == "user"
        select message.GetProperty("content").GetString();

    private static string? Role(JsonElement message) => message.GetProperty("role").GetString();
}
