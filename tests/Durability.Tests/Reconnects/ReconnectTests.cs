using OpenClaw.Testing;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Durability.Tests.Reconnects;

/// <summary>What clients that come back find after the server was killed.</summary>
[Trait("Category", "Slow")]
public abstract class ReconnectTests(DatabaseKind database)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ServerSettings Settings => new() { Database = database };

    /// <summary>A turn takes long enough to be met while it runs.</summary>
    private ServerSettings Slow => Settings with { OfflineChunkDelayMilliseconds = 40 };

    public sealed class OnSqlite() : ReconnectTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : ReconnectTests(DatabaseKind.Postgres);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(12)]
    public async Task A_client_that_reconnects_after_a_kill_gets_the_rest_of_the_turn(int framesBefore)
    {
        await using var server = await ServerProcess.StartAsync(Slow, Cancellation);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation);
        var seen = new List<StreamFrame>();
        await using (var watch = await client.WatchAsync(id, 0, Cancellation))
        {
            await using var turn = await client.StreamMessageAsync(id, "帮我写一段代码", Cancellation);
            seen.AddRange(await watch.ReadUntilAsync(frame => frame.Seq >= framesBefore, Cancellation));
            server.Kill();
        }

        await server.RestartAsync(Cancellation);
        await using var again = await client.OpenStreamAsync(
            HttpMethod.Get, $"/api/sessions/{id}/stream", null, Cancellation, ("Last-Event-ID", $"{seen[^1].Seq}"));
        var rest = await again.ReadUntilAsync(frame => frame.EndsTurn, Cancellation);
        Assert.True(rest[0].Seq == seen[^1].Seq + 1 || rest[0].IsStatus("recovering"), rest[0].ToString());
        Assert.Equal("stop", rest[^1].Text("finishReason"));
        seen.AddRange(rest);
        var history = await client.HistoryAsync(id, Cancellation);
        Assert.Equal(2, history.Count);
        Assert.Equal(Transcript.Bare(history[1].GetProperty("content").GetString()!), Transcript.Bare(Transcript.Of(seen)));
    }

    [Fact]
    public async Task A_watcher_of_an_idle_session_sees_the_next_message_after_a_restart()
    {
        await using var server = await ServerProcess.StartAsync(Settings, Cancellation);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation);
        Assert.Equal(200, (await client.SendMessageAsync(id, "hello", Cancellation)).Status);
        var before = await client.ReplayAsync(id, 1, Cancellation);
        await server.RestartAsync(Cancellation);

        await using var watch = await client.WatchAsync(id, before[^1].Seq, Cancellation);
        Assert.Equal(200, (await client.SendMessageAsync(id, "again", Cancellation)).Status);
        var after = await watch.ReadUntilAsync(frame => frame.EndsTurn, Cancellation);
        Assert.Equal(before[^1].Seq + 1, after[0].Seq);
        Assert.Equal("again", after[0].Text("content"));
    }

    [Fact]
    public async Task Everything_is_there_after_a_stop_and_a_start()
    {
        await using var server = await ServerProcess.StartAsync(Slow, Cancellation);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation, new { title = "标题", context = new { a = 1 } });
        Assert.Equal(200, (await client.SendMessageAsync(id, "hello", Cancellation)).Status);
        await using var running = await client.StreamMessageAsync(id, "帮我写一段代码", Cancellation);
        await running.ReadUntilAsync(frame => frame.Type == "text", Cancellation);
        await server.StopAsync(Cancellation);

        await server.RestartAsync(Cancellation);
        Assert.Equal("标题", (await client.GetSessionAsync(id, Cancellation)).Text("title"));
        var frames = await client.ReplayAsync(id, 2, Cancellation);
        Assert.Equal("stop", frames[^1].Text("finishReason"));
        Assert.Equal(4, (await client.HistoryAsync(id, Cancellation)).Count);
    }

    [Fact]
    public async Task A_message_that_waits_at_a_kill_is_answered_after_it()
    {
        await using var server = await ServerProcess.StartAsync(Slow, Cancellation);
        using var client = server.CreateAdminClient();
        var id = await client.CreateSessionAsync(Cancellation);
        await using var first = await client.StreamMessageAsync(id, "帮我写一段代码", Cancellation);
        await using var second = await client.StreamMessageAsync(id, "two", Cancellation);
        await using var third = await client.StreamMessageAsync(id, "three", Cancellation);
        Assert.Equal([200, 200, 200], new[] { first.Status, second.Status, third.Status });
        server.Kill();
        await server.RestartAsync(Cancellation);
        var frames = await client.ReplayAsync(id, 3, Cancellation);
        Assert.All(frames.Where(frame => frame.EndsTurn), frame => Assert.Equal("stop", frame.Text("finishReason")));
        var history = await client.HistoryAsync(id, Cancellation);
        Assert.Equal(3, history.Count(message => message.GetProperty("role").GetString() == "assistant"));
    }
}
