using OpenClaw.Testing.Servers;
using OpenClaw.Testing.Sockets;

namespace OpenClaw.Cluster.Tests;

/// <summary>Processes of the cluster die while clients are connected by WebSocket.</summary>
[Collection(ScriptedClusterCollection.Name), Trait("Category", "Slow")]
public sealed class SocketKillTests(ScriptedCluster scripted) : ClusterTest
{
    private const int Words = 40;

    /// <summary>
    /// One of the silos runs the turn, one numbers the tenant's events and one keeps the stream; the socket's own is in the front-end, which lives.
    /// </summary>
    [Fact]
    public async Task A_client_hears_every_event_once_over_one_connection_while_each_silo_dies()
    {
        var cluster = await scripted.WholeAsync();
        await using var sender = await OpenAsync(cluster, 0);
        await using var watcher = await OpenAsync(cluster, 1);
        var begin = await watcher.AskAsync(Subscribe(null), "subscribed", Cancellation);
        var heard = new List<SocketFrame>();
        foreach (var silo in cluster.Silos)
        {
            var session = await SendAsync(sender);
            heard.AddRange(await watcher.ReadUntilAsync(frame => frame.IsMessage("user", session), Cancellation));
            silo.Process.Kill();
            heard.AddRange(await watcher.ReadUntilAsync(frame => frame.IsMessage("assistant", session), Cancellation));
            Assert.Equal(AnswerOf(Words), heard[^1].DataText("content"));
            await silo.Process.StartAsync(Cancellation);
        }

        await AssertWholeAsync(cluster, 0, begin.Seq!.Value, heard);
    }

    [Fact]
    public async Task A_client_whose_front_end_dies_goes_on_at_the_other_where_it_was()
    {
        var cluster = await scripted.WholeAsync();
        await using var sender = await OpenAsync(cluster, 1);
        await using var cut = await OpenAsync(cluster, 0);
        var begin = await cut.AskAsync(Subscribe(null), "subscribed", Cancellation);
        var session = await SendAsync(sender);
        var heard = await cut.ReadUntilAsync(frame => frame.IsMessage("user", session), Cancellation);

        cluster.Frontends[0].Process.Kill();
        await using var rest = await OpenAsync(cluster, 1);
        await rest.SendAsync(Subscribe(heard.Last(frame => frame.IsEvent).Seq), Cancellation);
        heard.AddRange(await rest.ReadUntilAsync(frame => frame.IsMessage("assistant", session), Cancellation));

        await AssertWholeAsync(cluster, 1, begin.Seq!.Value, heard);
    }

    private static Task<ApiSocket> OpenAsync(ClusterProcesses cluster, int frontend) => ApiSocket.OpenAsync(
        cluster.Frontends[frontend].Process.BaseAddress, Cancellation, "", ("Authorization", $"Bearer {cluster.AdminKey}"));

    private static object Subscribe(long? after) => after is null
        ? new { type = "subscribe", channels = new[] { "messages" } }
        : new { type = "subscribe", channels = new[] { "messages" }, after };

    /// <summary>Begins a session with a message; returns the session's id.</summary>
    private static async Task<string> SendAsync(ApiSocket socket) =>
        (await socket.AskAsync(new { type = "message", content = AskFor(Words, 50) }, "accepted", Cancellation)).Text("sessionId")!;

    /// <summary>The events that were heard are those of the log, in its order and without a gap, each once.</summary>
    private static async Task AssertWholeAsync(ClusterProcesses cluster, int frontend, long after, List<SocketFrame> heard)
    {
        var events = heard.FindAll(frame => frame.IsEvent);
        Assert.Equal(Enumerable.Range(1, events.Count).Select(number => (long?)(after + number)), events.Select(frame => frame.Seq));

        await using var replay = await OpenAsync(cluster, frontend);
        await replay.SendAsync(Subscribe(after), Cancellation);
        var seen = 0;
        var kept = await replay.ReadUntilAsync(frame => frame.IsEvent && ++seen == events.Count, Cancellation);
        Assert.Equal(kept.FindAll(frame => frame.IsEvent).Select(frame => frame.Raw), events.Select(frame => frame.Raw));
    }
}
