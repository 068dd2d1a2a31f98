using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;

namespace OpenClaw.Contract.Tests.Streams;

public abstract class FrameTests(DatabaseServers servers) : ContractTest(servers)
{
    public sealed class OnSqlite(Servers servers) : FrameTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : FrameTests(servers.OnPostgres);

    [Fact]
    public async Task A_POST_shows_the_frames_of_its_own_turn_in_order()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await tenant.Client.SendMessageAsync(id, "hello", Cancellation);
        await using var stream = await tenant.Client.StreamMessageAsync(id, CodeQuestion, Cancellation);
        var frames = await stream.ReadToEndAsync(Cancellation);
        Assert.Single(frames.Select(frame => frame.TurnId).Distinct());
        Assert.DoesNotContain(frames, frame => frame.Type is "message" or "rolled_back");
        Assert.Equal(frames.Select(frame => frame.Seq).Order().Distinct(), frames.Select(frame => frame.Seq));
        Assert.Single(frames, frame => frame.EndsTurn);
        Assert.Equal("done", frames[^1].Type);
    }

    [Fact]
    public async Task The_done_frame_names_the_message_its_usage_and_why_it_ended()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var stream = await tenant.Client.StreamMessageAsync(id, "hello", Cancellation);
        var frames = await stream.ReadToEndAsync(Cancellation);
        var done = frames[^1];
        Assert.Equal("stop", done.Text("finishReason"));
        Shape.IsUsage(done.Json.GetProperty("usage"));
        var message = (await tenant.Client.HistoryAsync(id, Cancellation))[^1];
        Assert.Equal(message.GetProperty("messageId").GetString(), done.Text("messageId"));
        Assert.Equal(Transcript.Bare(message.GetProperty("content").GetString()!), Transcript.Bare(Transcript.Of(frames)));
    }

    [Fact]
    public async Task A_watcher_sees_every_frame_of_every_turn_numbered_without_a_gap()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var watch = await tenant.Client.WatchAsync(id, 0, Cancellation);
        Assert.Equal(200, watch.Status);
        Assert.Equal("text/event-stream", watch.ContentType);

        var all = new List<StreamFrame>();
        foreach (var question in new[] { "你好", CodeQuestion, "hello" })
        {
            await using var stream = await tenant.Client.StreamMessageAsync(id, question, Cancellation);
            var told = await stream.ReadToEndAsync(Cancellation);
            var seen = await watch.ReadUntilAsync(frame => frame.EndsTurn, Cancellation);
            Assert.Equal("message", seen[0].Type);
            Assert.Equal("user", seen[0].Text("role"));
            Assert.Equal(question, seen[0].Text("content"));
            Assert.Matches("^msg-", seen[0].Text("messageId"));
            Assert.All(seen, frame => Assert.Equal(told[0].TurnId, frame.TurnId));
            Assert.Equal(told.Select(frame => (frame.Seq, frame.Raw)), seen.Skip(1).Select(frame => (frame.Seq, frame.Raw)));
            all.AddRange(seen);
        }

        Assert.Equal(Enumerable.Range(1, all.Count).Select(seq => (long)seq), all.Select(frame => frame.Seq));
    }

    [Fact]
    public async Task The_first_bytes_leave_before_the_model_has_said_anything()
    {
        using var tenant = await NewTenantAsync(Servers.Endless);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        var since = TimeProvider.System.GetTimestamp();
        await using var stream = await tenant.Client.StreamMessageAsync(id, CodeQuestion, Cancellation);
        Assert.Equal(200, stream.Status);
        Assert.True(TimeProvider.System.GetElapsedTime(since) < TimeSpan.FromSeconds(5));
        await tenant.Client.DeleteAsync($"/api/sessions/{id}", Cancellation);
    }

    [Fact]
    public async Task A_client_that_leaves_does_not_stop_the_turn()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using (var stream = await tenant.Client.StreamMessageAsync(id, "hello", Cancellation))
            await stream.ReadFrameAsync(Cancellation);

        var frames = await tenant.Client.ReplayAsync(id, 1, Cancellation);
        Assert.Equal("stop", frames[^1].Text("finishReason"));
        var answer = (await tenant.Client.HistoryAsync(id, Cancellation))[^1];
        Assert.Equal("assistant", answer.GetProperty("role").GetString());
        Assert.Equal(Transcript.Bare(answer.GetProperty("content").GetString()!), Transcript.Bare(Transcript.Of(frames)));
    }

    [Fact]
    public async Task A_client_that_leaves_a_POST_that_is_not_streamed_does_not_stop_the_turn()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var watch = await tenant.Client.WatchAsync(id, 0, Cancellation);
        using var leaving = new CancellationTokenSource();
        var sending = tenant.Client.SendMessageAsync(id, "hello", leaving.Token);
        await watch.ReadUntilAsync(frame => frame.Type == "text", Cancellation);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        var rest = await watch.ReadUntilAsync(frame => frame.EndsTurn, Cancellation);
        Assert.Equal("stop", rest[^1].Text("finishReason"));
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task A_silent_stream_is_kept_alive_by_pings()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var watch = await tenant.Client.WatchAsync(id, 0, Cancellation);
        var since = TimeProvider.System.GetTimestamp();
        SseComments seen = new();
        while (!seen.HasPing)
            seen.Add(await watch.ReadAsync(Cancellation));
        Assert.InRange(TimeProvider.System.GetElapsedTime(since).TotalSeconds, 5, 20);
    }

    private sealed class SseComments
    {
        public bool HasPing { get; private set; }

        public void Add(SseEvent? next)
        {
            Assert.NotNull(next);
            Assert.Null(next.Data);
            HasPing |= next.Comment == "ping";
        }
    }
}
