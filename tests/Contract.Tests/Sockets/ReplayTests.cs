using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;
using OpenClaw.Testing.Sockets;

namespace OpenClaw.Contract.Tests.Sockets;

/// <summary>Clients that come back and miss nothing.</summary>
public abstract class ReplayTests(DatabaseServers servers) : SocketTest(servers)
{
    public sealed class OnSqlite(Servers servers) : ReplayTests(servers.OnSqlite)
    {
        /// <summary>More than a connection's queue and the kernel's buffers hold.</summary>
        [Fact]
        public async Task A_client_that_reads_late_has_every_event_once_and_in_order()
        {
            const int messages = 200;
            using var tenant = await NewTenantAsync();
            await tenant.LimitMessagesAsync(100_000, Cancellation);
            await using var late = await SubscribeAsync(tenant);
            var content = new string('z', 60_000);
            await Parallel.ForEachAsync(
                Enumerable.Range(0, messages),
                new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation },
                async (number, _) => await TalkAsync(tenant.Client, $"{number} {content}"));

            var told = await EventsAsync(late, 2 * messages);
            await using var whole = await SubscribeAsync(tenant, after: 0);
            var kept = await EventsAsync(whole, 2 * messages);

            Assert.Equal(kept.Select(frame => frame.Seq), told.Select(frame => frame.Seq));
            Assert.Equal(told.Select(frame => frame.Seq).Order().Distinct(), told.Select(frame => frame.Seq));
            Assert.Equal(kept.Select(frame => frame.Raw), told.Select(frame => frame.Raw));
            await late.AskAsync(Ping, "pong", Cancellation);
        }
    }

    public sealed class OnPostgres(Servers servers) : ReplayTests(servers.OnPostgres);

    /// <summary>The next so many events of the log, whatever comes between them.</summary>
    private protected static async Task<List<SocketFrame>> EventsAsync(ApiSocket socket, int count)
    {
        var seen = 0;
        return (await socket.ReadUntilAsync(frame => frame.IsEvent && ++seen == count, Cancellation)).FindAll(frame => frame.IsEvent);
    }

    private static Task SubscribeToAsync(ApiSocket socket, string sessionId, long after) =>
        socket.SendAsync(new { type = "subscribe", channels = Messages, sessionId, after }, Cancellation);

    [Fact]
    public async Task What_came_before_is_replayed_as_it_was_told_and_then_it_goes_on()
    {
        using var tenant = await NewTenantAsync();
        await using var live = await SubscribeAsync(tenant);
        var session = await TalkAsync(tenant.Client, "one");
        await TalkAsync(tenant.Client, "two", session);
        await RunTaskAsync(tenant.Client, MessageAction("three"));
        // Two messages with their answers, a task's start and end with the message and answer between them.
        var told = await EventsAsync(live, 8);

        foreach (var skipped in new[] { 0, 1, 5 })
        {
            await using var again = await SubscribeAsync(tenant, skipped == 0 ? 0 : told[skipped - 1].Seq!.Value);
            var replayed = await EventsAsync(again, told.Count - skipped);
            Assert.Equal(told.Skip(skipped).Select(frame => frame.Raw), replayed.Select(frame => frame.Raw));
        }

        await using var back = await SubscribeAsync(tenant, told[^1].Seq!.Value);
        await TalkAsync(tenant.Client, "four", session);
        var (toLive, toBack) = (await EventsAsync(live, 2), await EventsAsync(back, 2));
        Assert.Equal(toLive.Select(frame => frame.Raw), toBack.Select(frame => frame.Raw));
        Assert.Equal("four", toBack[0].DataText("content"));
    }

    [Fact]
    public async Task A_subscription_says_the_number_from_which_it_goes_on()
    {
        using var tenant = await NewTenantAsync();
        await using var live = await SubscribeAsync(tenant);
        await TalkAsync(tenant.Client, "before");
        var told = await EventsAsync(live, 2);
        await using var socket = await OpenAsync(tenant);
        var subscribed = await socket.AskAsync(BothChannels, "subscribed", Cancellation);
        await TalkAsync(tenant.Client, "after");

        var next = await EventsAsync(socket, 1);

        Assert.True(subscribed.Seq >= told[^1].Seq, subscribed.Raw);
        Assert.True(next[0].Seq > subscribed.Seq, next[0].Raw);
        Assert.Equal("after", next[0].DataText("content"));
        await using var back = await SubscribeAsync(tenant, subscribed.Seq!.Value);
        Assert.Equal(next[0].Raw, (await EventsAsync(back, 1))[0].Raw);
    }

    [Fact]
    public async Task What_happens_while_a_client_catches_up_is_neither_missed_nor_doubled()
    {
        const int messages = 40;
        using var tenant = await NewTenantAsync();
        for (var number = 0; number < messages / 2; number++) await TalkAsync(tenant.Client, $"{number}");
        var talking = Task.WhenAll(Enumerable.Range(0, messages / 2).Select(number => TalkAsync(tenant.Client, $"more {number}")));

        var clients = await Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            await using var socket = await SubscribeAsync(tenant, after: 0);
            return await EventsAsync(socket, 2 * messages);
        }));

        await talking;
        foreach (var events in clients)
        {
            Assert.Equal(events.Select(frame => frame.Seq).Order().Distinct(), events.Select(frame => frame.Seq));
            Assert.Equal(clients[0].Select(frame => frame.Raw), events.Select(frame => frame.Raw));
        }
    }

    [Fact]
    public async Task A_session_is_replayed_with_its_pieces()
    {
        using var tenant = await NewTenantAsync();
        await using var live = await SubscribeAsync(tenant);
        var session = await TalkAsync(tenant.Client, CodeQuestion);
        var told = await live.ReadUntilAsync(frame => IsAnswer(frame, session), Cancellation);
        await TalkAsync(tenant.Client, "elsewhere");

        foreach (var skipped in new[] { 0, 1, told.Count / 2, told.Count - 1 })
        {
            await using var again = await OpenAsync(tenant);
            await SubscribeToAsync(again, session, skipped == 0 ? 0 : told[skipped - 1].SessionSeq!.Value);
            var replayed = await again.ReadUntilAsync(frame => IsAnswer(frame, session), Cancellation);
            Assert.Equal("subscribed", replayed[0].Type);
            Assert.Equal(told.Skip(skipped).Select(Essence), replayed.Skip(1).Select(Essence));
        }

        static (string, long?, string?, string?) Essence(SocketFrame frame) => (frame.Type, frame.SessionSeq, frame.DataText("content"), frame.DataText("turnId"));
    }

    [Fact]
    public async Task A_session_whose_turn_runs_is_replayed_and_goes_on()
    {
        using var tenant = await NewTenantAsync(Servers.Slow);
        await using var live = await SubscribeAsync(tenant);
        var session = await tenant.Client.CreateSessionAsync(Cancellation);
        await using var stream = await tenant.Client.StreamMessageAsync(session, CodeQuestion, Cancellation);
        var told = await live.ReadUntilAsync(frame => frame.Type == "message.delta", Cancellation);
        await using var again = await OpenAsync(tenant);
        await SubscribeToAsync(again, session, 0);

        told.AddRange(await live.ReadUntilAsync(frame => IsAnswer(frame, session), Cancellation));
        var replayed = await again.ReadUntilAsync(frame => IsAnswer(frame, session), Cancellation);

        Assert.Equal(
            told.Select(frame => (frame.SessionSeq, frame.DataText("content"))),
            replayed.Where(frame => frame.Type != "subscribed").Select(frame => (frame.SessionSeq, frame.DataText("content"))));
    }

    [Fact]
    public async Task Over_a_kill_no_event_is_missed_or_doubled()
    {
        await using var server = await ServerProcess.StartAsync(
            new ServerSettings { Database = Servers.Database, OfflineChunkDelayMilliseconds = 20 }, Cancellation);
        using var tenant = await TestTenant.CreateAsync(server, Cancellation);
        var told = new List<SocketFrame>();
        string session;
        await using (var before = await SubscribeAsync(tenant))
        {
            session = await TalkAsync(tenant.Client, "before");
            told.AddRange(await EventsAsync(before, 2));
            await RunTaskAsync(tenant.Client, MessageAction("of a task"));
            await before.SendAsync(new { type = "message", content = CodeQuestion, sessionId = session }, Cancellation);
            // The turn is under way; the task may be.
            var seen = await before.ReadUntilAsync(frame => frame.Type == "message.delta" && frame.DataText("sessionId") == session, Cancellation);
            told.AddRange(seen.FindAll(frame => frame.IsEvent));
        }

        server.Kill();
        await server.RestartAsync(Cancellation);

        await using var after = await SubscribeAsync(tenant, told[^1].Seq!.Value);
        // In all: two messages and the task's with their answers, and the task's start and end.
        var rest = await EventsAsync(after, 8 - told.Count);
        await using var again = await SubscribeAsync(tenant, after: 0);
        var whole = await EventsAsync(again, 8);
        Assert.Equal(whole.Select(frame => frame.Raw), told.Concat(rest).Select(frame => frame.Raw));
        Assert.Equal(whole.Select(frame => frame.Seq).Order().Distinct(), whole.Select(frame => frame.Seq));
        Assert.Equal(6, whole.Count(frame => frame.Type == "message"));
        Assert.Equal(["task.started", "task.completed"], whole.Where(frame => frame.Text("channel") == "tasks").Select(frame => frame.Type));
        var next = await TalkAsync(tenant.Client, "afterwards");
        var last = (await after.ReadUntilAsync(frame => IsAnswer(frame, next), Cancellation))[^1];
        Assert.True(last.Seq > whole[^1].Seq, "A number is not used again.");
        Assert.Equal(4, (await tenant.Client.HistoryAsync(session, Cancellation)).Count);
    }

    [Fact]
    public async Task A_server_that_stops_says_so()
    {
        await using var server = await ServerProcess.StartAsync(new ServerSettings { Database = Servers.Database }, Cancellation);
        using var tenant = await TestTenant.CreateAsync(server, Cancellation);
        await using var socket = await SubscribeAsync(tenant);

        var stopping = server.StopAsync(Cancellation);
        await socket.ReadToCloseAsync(Cancellation);

        Assert.Equal(1001, socket.CloseCode);
        Assert.Equal(0, await stopping);
    }
}
