using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Storage.Tests;

public abstract class ReadTests(DatabaseKind kind) : StorageTest(kind)
{
    public sealed class OnSqlite() : ReadTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : ReadTests(DatabaseKind.Postgres);

    [Theory]
    [InlineData(0, new long[] { 1, 2, 10 })]
    [InlineData(1, new long[] { 2, 10 })]
    [InlineData(2, new long[] { 2, 10 })]
    [InlineData(8, new long[] { 2, 10 })]
    [InlineData(9, new long[] { 10 })]
    [InlineData(10, new long[] { })]
    [InlineData(long.MaxValue, new long[] { })]
    public async Task Events_that_end_above_a_seq_are_read_even_when_they_begin_below_it(long afterSeq, long[] expected)
    {
        var session = await AppendAsync(await CreateAsync("s_1"), Message(1), Frames(2, 9), Done(10));

        var events = await Log.ReadAsync(session.Key, afterSeq, 10, Cancellation);

        Assert.Equal(expected, events.Select(entry => entry.SeqFrom));
    }

    [Fact]
    public async Task Seqs_that_a_crash_skipped_are_passed_over()
    {
        var session = await AppendAsync(await CreateAsync("s_1"), Message(1), Frames(2, 4));
        await AppendAsync(session, new SessionEventState(65, 65, "t1", SessionEventKind.Recovering, [1], Now), Frames(66, 70));

        Assert.Equal([65, 66], (await Log.ReadAsync(session.Key, 30, 10, Cancellation)).Select(entry => entry.SeqFrom));
    }

    [Fact]
    public async Task A_reading_stops_after_so_many_events()
    {
        var session = await AppendAsync(await CreateAsync("s_1"), [.. Enumerable.Range(1, 20).Select(seq => Message(seq))]);

        Assert.Equal([6, 7, 8], (await Log.ReadAsync(session.Key, 5, 3, Cancellation)).Select(entry => entry.SeqFrom));
    }

    [Fact]
    public async Task A_reading_stops_once_1_MiB_has_been_read_but_not_before_the_first_event()
    {
        const int MiB = 1024 * 1024;
        var session = await AppendAsync(
            await CreateAsync("s_1"),
            Frames(1, 1, bytes: MiB / 2),
            Frames(2, 2, bytes: (MiB / 2) - 1),
            Frames(3, 3, bytes: 10),
            Frames(4, 4, bytes: 10),
            Frames(5, 5, bytes: 2 * MiB),
            Frames(6, 6, bytes: 10));

        Assert.Equal([1, 2, 3], (await Log.ReadAsync(session.Key, 0, 100, Cancellation)).Select(entry => entry.SeqFrom));
        Assert.Equal([4, 5], (await Log.ReadAsync(session.Key, 3, 100, Cancellation)).Select(entry => entry.SeqFrom));
        Assert.Equal(2 * MiB, Assert.Single(await Log.ReadAsync(session.Key, 4, 100, Cancellation)).Payload.Length);
        Assert.Equal([6], (await Log.ReadAsync(session.Key, 5, 100, Cancellation)).Select(entry => entry.SeqFrom));
    }

    [Fact]
    public async Task A_session_reads_its_own_events_alone()
    {
        var first = await AppendAsync(await CreateAsync("s_1"), Message(1, "first"));
        await AppendAsync(await CreateAsync("s_2"), Message(1, "second"), Message(2, "second"));
        await AppendAsync(await CreateAsync("s_1", tenant: TenantId.Parse("other")), Message(1, "third"), Done(2, "third"));

        Assert.Equal("first", Assert.Single(await Log.ReadAsync(first.Key, 0, 10, Cancellation)).TurnId);
        Assert.Equal("first", Assert.Single(await Log.ReadMessagesAsync(first.Key, 0, false, 10, Cancellation)).TurnId);
        Assert.Null(await Log.FindDoneAsync(first.Key, "third", 0, Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Pages_of_the_history_show_each_message_once_in_the_order_asked_for(bool descending)
    {
        var session = await CreateAsync("s_1");
        for (var turn = 0; turn < 10; turn++)
        {
            var seq = turn * 10;
            session = await AppendAsync(session, Message(seq + 1, $"t{turn}"), Frames(seq + 2, seq + 9, $"t{turn}"), Done(seq + 10, $"t{turn}"));
        }

        var read = new List<long>();
        var from = descending ? long.MaxValue : 0;
        while (await Log.ReadMessagesAsync(session.Key, from, descending, 3, Cancellation) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= 3);
            read.AddRange(page.Select(entry => entry.SeqFrom));
            from = page[^1].SeqFrom;
        }

        var expected = Enumerable.Range(0, 10).SelectMany(turn => new long[] { (turn * 10) + 1, (turn * 10) + 10 });
        Assert.Equal(descending ? expected.Reverse() : expected, read);
    }

    [Fact]
    public async Task The_end_of_a_turn_is_found_above_a_seq()
    {
        var session = await AppendAsync(
            await CreateAsync("s_1"), Message(1, "t1"), Message(2, "t2"), Done(3, "t1"), Frames(4, 6, "t2"), Done(7, "t2"));

        Assert.Equal(3, (await Log.FindDoneAsync(session.Key, "t1", 1, Cancellation))!.SeqFrom);
        Assert.Equal(7, (await Log.FindDoneAsync(session.Key, "t2", 2, Cancellation))!.SeqFrom);
        Assert.Null(await Log.FindDoneAsync(session.Key, "t1", 3, Cancellation));
        Assert.Null(await Log.FindDoneAsync(session.Key, "t3", 0, Cancellation));
    }

    [Fact]
    public async Task The_newest_summary_is_found()
    {
        var session = await CreateAsync("s_1");
        Assert.Null(await Log.FindSummaryAsync(session.Key, Cancellation));

        await Log.SaveSummaryAsync(session.Key, new SessionSummaryState(10, "旧\0", Now), Cancellation);
        await Log.SaveSummaryAsync(session.Key, new SessionSummaryState(20, "新\0", Now.AddSeconds(1)), Cancellation);
        await Log.SaveSummaryAsync(session.Key, new SessionSummaryState(15, "late", Now.AddSeconds(2)), Cancellation);

        Assert.Equal(new SessionSummaryState(20, "新\0", Now.AddSeconds(1)), await Log.FindSummaryAsync(session.Key, Cancellation));
    }

    [Fact]
    public async Task A_session_that_is_gone_stores_no_summary()
    {
        var key = new SessionKey(Tenant, "s_gone");

        await Log.SaveSummaryAsync(key, new SessionSummaryState(10, "text", Now), Cancellation);
        await CreateAsync("s_gone");

        Assert.Null(await Log.FindSummaryAsync(key, Cancellation));
    }

    [Fact]
    public async Task Pages_of_the_sessions_show_each_once_newest_first_and_ties_by_id()
    {
        await CreateAsync("s_other", tenant: TenantId.Parse("other"));
        foreach (var id in new[] { "s_b", "s_A", "s_a", "s_B", "s_c" })
            await CreateAsync(id, Now);
        await CreateAsync("s_old", Now.AddMilliseconds(-1));
        await CreateAsync("s_new", Now.AddMilliseconds(1));

        var read = new List<string>();
        SessionListPosition? before = null;
        while (await Log.ListAsync(Tenant, before, 2, Cancellation) is { Count: > 0 } page)
        {
            Assert.True(page.Count <= 2);
            read.AddRange(page.Select(session => session.Key.SessionId));
            before = new SessionListPosition(page[^1].CreatedAt, page[^1].Key.SessionId);
        }

        Assert.Equal(["s_new", "s_c", "s_b", "s_a", "s_B", "s_A", "s_old"], read);
    }

    [Fact]
    public async Task Running_sessions_are_listed_the_one_updated_longest_ago_first()
    {
        var ids = new[] { "s_1", "s_2", "s_3", "s_idle" };
        foreach (var (id, index) in ids.Select((id, index) => (id, index)))
        {
            await Log.AppendAsync(
                Next(await CreateAsync(id)) with
                {
                    RunState = id == "s_idle" ? SessionRunState.Idle : SessionRunState.Running,
                    At = Now.AddSeconds(-index),
                },
                Cancellation);
        }

        Assert.Equal(["s_3", "s_2", "s_1"], (await Log.ListRunningAsync(10, Cancellation)).Select(key => key.SessionId));
        Assert.Equal(["s_3", "s_2"], (await Log.ListRunningAsync(2, Cancellation)).Select(key => key.SessionId));

        await AppendAsync(await FindAsync(new SessionKey(Tenant, "s_3")));
        Assert.Equal(["s_2", "s_1"], (await Log.ListRunningAsync(10, Cancellation)).Select(key => key.SessionId));
    }
}
