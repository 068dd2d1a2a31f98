using System.Text;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Storage.Tests;

public abstract class AppendTests(DatabaseKind kind) : StorageTest(kind)
{
    public sealed class OnSqlite() : AppendTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : AppendTests(DatabaseKind.Postgres);

    [Fact]
    public async Task A_created_session_is_found_as_it_was_written()
    {
        var session = new SessionState
        {
            Key = new SessionKey(Tenant, "s_1"),
            Epoch = 3,
            Revision = 4,
            Head = 5,
            Reserved = 60,
            RunState = SessionRunState.Running,
            Title = "写一段\0代码",
            Model = "claude-sonnet-4-5",
            SystemPrompt = "",
            Context = "{\"语言\":\"\\u0000\"}"u8.ToArray(),
            Overlap = OverlapRule.Steer,
            Mailbox = [0, 1, 255],
            MessageCount = 7,
            InputTokens = 8,
            OutputTokens = 9,
            CreatedAt = Now,
            UpdatedAt = Now.AddMilliseconds(1),
        };

        Assert.True(await Log.CreateAsync(session, Cancellation));
        var found = await FindAsync(session.Key);

        Assert.Equal(session.Context, found.Context);
        Assert.Equal(session.Mailbox, found.Mailbox);
        Assert.Equal(session with { Context = null, Mailbox = null }, found with { Context = null, Mailbox = null });
    }

    [Fact]
    public async Task What_was_left_out_is_found_as_null()
    {
        var session = await CreateAsync("s_1");

        Assert.Equal(session, await FindAsync(session.Key));
    }

    [Fact]
    public async Task A_session_id_is_taken_once()
    {
        var session = await CreateAsync("s_1");

        Assert.False(await Log.CreateAsync(session with { Title = "another" }, Cancellation));
        Assert.Null((await FindAsync(session.Key)).Title);
    }

    [Fact]
    public async Task Ids_that_differ_in_case_or_tenant_are_different_sessions()
    {
        var lower = await CreateAsync("abc");
        await CreateAsync("ABC");
        await CreateAsync("abc", tenant: TenantId.Parse("other"));

        await AppendAsync(lower, Message(1));

        Assert.Equal(1, (await FindAsync(lower.Key)).Head);
        Assert.Equal(0, (await FindAsync(new SessionKey(Tenant, "ABC"))).Head);
        Assert.Equal(0, (await FindAsync(new SessionKey(TenantId.Parse("other"), "abc"))).Head);
    }

    [Theory]
    [InlineData("unknown")]
    [InlineData("with\0nul")]
    [InlineData("' OR 1=1 --")]
    public async Task An_unknown_session_is_not_found(string id) =>
        Assert.Null(await Log.FindAsync(new SessionKey(Tenant, id), Cancellation));

    [Fact]
    public async Task An_append_moves_the_row_and_adds_its_events()
    {
        var session = await CreateAsync("s_1");
        var append = Next(session, Message(1), Frames(2, 9)) with
        {
            Reserved = 64,
            RunState = SessionRunState.Running,
            Mailbox = [1, 2, 3],
            MessageDelta = 1,
            Usage = new UsageDelta(new DateOnly(2030, 5, 17), "offline", 1, 10, 20),
            At = Now.AddSeconds(5),
        };

        Assert.Equal(AppendOutcome.Written, await Log.AppendAsync(append, Cancellation));

        var found = await FindAsync(session.Key);
        Assert.Equal([1, 2, 3], found.Mailbox);
        Assert.Equal(
            session with
            {
                Epoch = 1, Revision = 1, Head = 9, Reserved = 64, RunState = SessionRunState.Running, MessageCount = 1,
                InputTokens = 10, OutputTokens = 20, UpdatedAt = Now.AddSeconds(5),
            },
            found with { Mailbox = null });
        var events = await Log.ReadAsync(session.Key, 0, 10, Cancellation);
        Assert.Equal(append.Events.Select(entry => entry with { Payload = [] }), events.Select(entry => entry with { Payload = [] }));
        Assert.Equal(append.Events.Select(entry => entry.Payload), events.Select(entry => entry.Payload));
    }

    [Fact]
    public async Task An_append_without_a_mailbox_clears_it_and_leaves_the_definition()
    {
        var session = await CreateAsync("s_1");
        await Log.AppendAsync(
            Next(session) with { Mailbox = [1], Definition = new SessionDefinition("标题\0", "gpt-5", [7]) }, Cancellation);
        var defined = await FindAsync(session.Key);

        var after = await AppendAsync(defined);

        Assert.Null(after.Mailbox);
        Assert.Equal(("标题\0", "gpt-5"), (after.Title, after.Model));
        Assert.Equal([7], after.Context);
        await Log.AppendAsync(Next(after) with { Definition = new SessionDefinition(null, "offline", null) }, Cancellation);
        var cleared = await FindAsync(session.Key);
        Assert.Equal((null, "offline", null), (cleared.Title, cleared.Model, cleared.Context));
    }

    [Fact]
    public async Task Payloads_of_any_bytes_come_back()
    {
        var session = await CreateAsync("s_1");
        byte[][] payloads = [[], [0], "{\"a\":\"\0\\u0000你好😀\"}"u8.ToArray(), Payload(300_000)];

        await AppendAsync(session, [.. payloads.Select((payload, index) => Message(index + 1) with { Payload = payload })]);

        var events = await Log.ReadAsync(session.Key, 0, 10, Cancellation);
        Assert.Equal(payloads, events.Select(entry => entry.Payload));
    }

    [Fact]
    public async Task Of_two_activations_the_one_that_appends_first_goes_on()
    {
        var loaded = await CreateAsync("s_1");
        var first = Next(loaded, Message(1, "first")) with { Epoch = 1 };
        var second = Next(loaded, Message(1, "second")) with { Epoch = 1 };

        Assert.Equal(AppendOutcome.Written, await Log.AppendAsync(first, Cancellation));
        Assert.Equal(AppendOutcome.Fenced, await Log.AppendAsync(second, Cancellation));

        Assert.Equal("first", Assert.Single(await Log.ReadAsync(loaded.Key, 0, 10, Cancellation)).TurnId);
        Assert.Equal(1, (await FindAsync(loaded.Key)).Revision);
    }

    [Fact]
    public async Task An_activation_is_fenced_once_another_has_taken_over()
    {
        var session = await AppendAsync(await CreateAsync("s_1"), Message(1));
        var old = Next(session, Message(2, "old")) with { Epoch = session.Epoch };
        await Log.AppendAsync(Next(session, Message(2, "new")), Cancellation);

        Assert.Equal(AppendOutcome.Fenced, await Log.AppendAsync(old, Cancellation));

        Assert.Equal(["t1", "new"], (await Log.ReadAsync(session.Key, 0, 10, Cancellation)).Select(entry => entry.TurnId));
    }

    [Fact]
    public async Task Of_appends_that_expect_the_same_revision_at_once_one_is_written()
    {
        var session = await CreateAsync("s_1");

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 20).Select(index => Log.AppendAsync(Next(session, Message(1, $"t{index}")), Cancellation)));

        Assert.Single(outcomes, AppendOutcome.Written);
        Assert.Equal(19, outcomes.Count(outcome => outcome == AppendOutcome.Fenced));
        Assert.Single(await Log.ReadAsync(session.Key, 0, 10, Cancellation));
    }

    [Fact]
    public async Task An_append_repeated_under_its_own_id_is_written_once()
    {
        var session = await CreateAsync("s_1");
        var day = new DateOnly(2030, 5, 17);
        var append = Next(session, Message(1)) with
        {
            MessageDelta = 1,
            Usage = new UsageDelta(day, "offline", 1, 10, 20),
            Outbox = [new OutboxEntry("e1", "message.received", [1])],
        };

        Assert.Equal(AppendOutcome.Written, await Log.AppendAsync(append, Cancellation));
        Assert.Equal(AppendOutcome.Written, await Log.AppendAsync(append, Cancellation));

        Assert.Single(await Log.ReadAsync(session.Key, 0, 10, Cancellation));
        Assert.Single(await Events.ReadOutboxAsync(Tenant, 10, Cancellation));
        Assert.Equal((1L, 1L), ((await FindAsync(session.Key)).Revision, (await FindAsync(session.Key)).MessageCount));
        Assert.Equal(1, Assert.Single(await Index.ListUsageAsync(Tenant, day, day, Cancellation)).Turns);
    }

    [Fact]
    public async Task An_append_to_a_session_that_does_not_exist_finds_it_deleted()
    {
        var session = await CreateAsync("s_1");
        await Log.DeleteAsync(session.Key, Cancellation);

        Assert.Equal(AppendOutcome.Deleted, await Log.AppendAsync(Next(session, Message(1)), Cancellation));
        Assert.Null(await Log.FindAsync(session.Key, Cancellation));
    }

    [Fact]
    public async Task An_append_that_was_cancelled_before_it_began_writes_nothing()
    {
        var session = await CreateAsync("s_1");

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Log.AppendAsync(Next(session, Message(1)), new CancellationToken(canceled: true)));

        Assert.Equal(session, await FindAsync(session.Key));
    }

    [Fact]
    public async Task An_append_that_breaks_the_log_fails_alone()
    {
        var session = await AppendAsync(await CreateAsync("s_broken"), Message(1));
        var others = new List<SessionState>();
        for (var index = 0; index < 20; index++)
            others.Add(await CreateAsync($"s_{index}"));

        var appends = others.Select(other => Log.AppendAsync(Next(other, Message(1)), Cancellation)).ToList();
        var broken = Log.AppendAsync(Next(session, Message(1)), Cancellation);
        appends.AddRange(others.Select(other => Log.AppendAsync(
            Next(other, Message(2)) with { ExpectedEpoch = 1, ExpectedRevision = 1, Epoch = 1 }, Cancellation)));

        await Assert.ThrowsAsync<InvalidOperationException>(() => broken);
        Assert.All(await Task.WhenAll(appends), outcome => Assert.Equal(AppendOutcome.Written, outcome));
        Assert.Equal(session, await FindAsync(session.Key));
    }

    [Fact]
    public async Task Usage_of_many_sessions_is_summed_by_tenant_day_and_model()
    {
        var days = new[] { new DateOnly(2030, 5, 17), new DateOnly(2030, 12, 31) };
        var sessions = new List<SessionState>();
        for (var index = 0; index < 40; index++)
            sessions.Add(await CreateAsync($"s_{index}", tenant: TenantId.Parse(index % 2 == 0 ? "acme" : "other")));

        await Task.WhenAll(sessions.Select((session, index) => Log.AppendAsync(
            Next(session, Message(1)) with
            {
                Usage = new UsageDelta(days[index / 20], index % 4 < 2 ? "small" : "large", 1, 10, 100)
                {
                    EstimatedInputTokens = 3,
                    EstimatedOutputTokens = 4,
                    Cost = 0.000_000_012m,
                },
            },
            Cancellation)));

        var usage = await Index.ListUsageAsync(Tenant, days[0], days[1], Cancellation);
        Assert.Equal(
            [
                Five(days[0], "large"), Five(days[0], "small"), Five(days[1], "large"), Five(days[1], "small"),
            ],
            usage);
        Assert.Equal(usage.Take(2), await Index.ListUsageAsync(Tenant, days[0], days[0], Cancellation));

        static UsageInfo Five(DateOnly day, string model) => new(day, model, 5, 50, 500, 15, 20, 0.000_000_060m);
    }

    [Fact]
    public async Task An_undone_turn_leaves_the_history_and_stays_in_the_log()
    {
        var session = await AppendAsync(
            await CreateAsync("s_1"), Message(1, "kept"), Done(2, "kept"), Message(3, "undone"), Frames(4, 6, "undone"));

        await Log.AppendAsync(
            Next(session, Done(7, "undone"), Message(8, "after"), new SessionEventState(9, 9, "undone", SessionEventKind.RolledBack, [1], Now)) with
            {
                Undo = new UndoTurn("undone", 3),
                MessageDelta = -1,
            },
            Cancellation);

        var history = await Log.ReadMessagesAsync(session.Key, 0, descending: false, 10, Cancellation);
        Assert.Equal([1, 2, 8], history.Select(entry => entry.SeqFrom));
        var log = await Log.ReadAsync(session.Key, 0, 10, Cancellation);
        Assert.Equal([1, 2, 3, 4, 7, 8, 9], log.Select(entry => entry.SeqFrom));
        Assert.Equal(-1, (await FindAsync(session.Key)).MessageCount);
    }

    [Fact]
    public async Task Undoing_leaves_what_the_turn_said_before_the_seq()
    {
        var session = await AppendAsync(await CreateAsync("s_1"), Message(1, "t"), Message(2, "t"), Done(3, "t"));

        await Log.AppendAsync(Next(session) with { Undo = new UndoTurn("t", 2) }, Cancellation);

        Assert.Equal(1, Assert.Single(await Log.ReadMessagesAsync(session.Key, long.MaxValue, descending: true, 10, Cancellation)).SeqFrom);
    }

    [Fact]
    public async Task What_an_append_brings_along_is_written_with_it_or_not_at_all()
    {
        var session = await CreateAsync("s_1");
        OutboxEntry[] entries = [new("e1", "message.received", "{\"a\":\"\0\"}"u8.ToArray()), new("e2", "message.received", [])];
        await Log.AppendAsync(Next(session, Message(1)) with { Outbox = entries }, Cancellation);
        await Log.AppendAsync(Next(session, Message(1)) with { Outbox = [new("e3", "lost", [])] }, Cancellation);

        var rows = await Events.ReadOutboxAsync(Tenant, 10, Cancellation);

        Assert.Equal(["e1", "e2"], rows.Select(row => row.Entry.EventId));
        Assert.Equal(entries.Select(entry => entry.Payload), rows.Select(row => row.Entry.Payload));
        Assert.All(rows, row => Assert.Equal(("s_1", Now, "message.received"), (row.SessionId, row.At, row.Entry.Type)));
    }

    [Fact]
    public async Task What_was_written_is_there_after_a_restart()
    {
        var session = await AppendAsync(await CreateAsync("s_1"), Message(1, text: "重启"));

        await RestartAsync();

        Assert.Equal(session, await FindAsync(session.Key));
        Assert.Equal("重启", Encoding.UTF8.GetString(Assert.Single(await Log.ReadAsync(session.Key, 0, 10, Cancellation)).Payload));
    }
}
