using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Maintenance;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Tests;

public abstract class DeleteTests(DatabaseKind kind) : StorageTest(kind)
{
    public sealed class OnSqlite() : DeleteTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : DeleteTests(DatabaseKind.Postgres);

    [Fact]
    public async Task A_deleted_session_is_found_no_more_at_once()
    {
        var session = await AppendAsync(await CreateAsync("s_1"), Message(1), Done(2));
        await Log.SaveSummaryAsync(session.Key, new SessionSummaryState(1, "text", Now), Cancellation);
        await Log.AppendAsync(Next(session) with { RunState = SessionRunState.Running }, Cancellation);

        Assert.True(await Log.DeleteAsync(session.Key, Cancellation));

        Assert.Null(await Log.FindAsync(session.Key, Cancellation));
        Assert.Empty(await Log.ReadAsync(session.Key, 0, 10, Cancellation));
        Assert.Empty(await Log.ReadMessagesAsync(session.Key, 0, false, 10, Cancellation));
        Assert.Null(await Log.FindDoneAsync(session.Key, "t1", 0, Cancellation));
        Assert.Null(await Log.FindSummaryAsync(session.Key, Cancellation));
        Assert.Empty(await Log.ListAsync(Tenant, null, 10, Cancellation));
        Assert.Empty(await Log.ListRunningAsync(10, Cancellation));
        Assert.False(await Log.DeleteAsync(session.Key, Cancellation));
    }

    [Fact]
    public async Task The_id_of_a_deleted_session_is_not_given_out_while_its_events_are_there()
    {
        var session = await AppendAsync(await CreateAsync("s_1"), Message(1));
        await Log.DeleteAsync(session.Key, Cancellation);

        Assert.False(await Log.CreateAsync(session, Cancellation));

        await Purge.RunAsync(Cancellation);
        await CreateAsync("s_1");
        Assert.Empty(await Log.ReadAsync(session.Key, 0, 10, Cancellation));
    }

    [Fact]
    public async Task Deleting_what_is_not_there_says_so() =>
        Assert.False(await Log.DeleteAsync(new SessionKey(Tenant, "unknown"), Cancellation));

    [Fact]
    public async Task The_purge_removes_all_events_and_nothing_else()
    {
        var kept = await AppendAsync(await CreateAsync("s_0"), Message(1));
        var session = await AppendAsync(
            await CreateAsync("s_1"), [.. Enumerable.Range(1, (SessionPurge.Piece * 2) + 3).Select(seq => Message(seq))]);
        await Log.SaveSummaryAsync(session.Key, new SessionSummaryState(1, "text", Now), Cancellation);
        await Log.DeleteAsync(session.Key, Cancellation);
        Assert.Equal((SessionPurge.Piece * 2) + 3, await CountEventsAsync(session.Key));

        await Purge.RunAsync(Cancellation);

        Assert.Equal(0, await CountEventsAsync(session.Key));
        Assert.Equal(1, await CountEventsAsync(kept.Key));
        Assert.Equal(kept, await FindAsync(kept.Key));
    }

    [Fact]
    public async Task A_purge_that_a_crash_cut_short_goes_on_at_the_next_start()
    {
        var session = await AppendAsync(
            await CreateAsync("s_1"), [.. Enumerable.Range(1, SessionPurge.Piece + 1).Select(seq => Message(seq))]);
        await Log.DeleteAsync(session.Key, Cancellation);
        await Database.WriteAsync(
            Statements.PurgeEvents, "", [SqlValue.Of("acme"), SqlValue.Of("s_1"), SqlValue.Of(SessionPurge.Piece)], Cancellation);
        Assert.Equal(1, await CountEventsAsync(session.Key));

        await RestartAsync();
        await Purge.RunAsync(Cancellation);

        Assert.Equal(0, await CountEventsAsync(session.Key));
        Assert.Empty(await Database.ListAsync(Statements.ListPurges, [SqlValue.Of(10)], SessionRows.ReadKey, Cancellation));
    }

    [Fact]
    public async Task Deleting_a_tenant_s_sessions_leaves_those_of_others()
    {
        var other = await CreateAsync("s_1", tenant: TenantId.Parse("other"));
        var sessions = new List<SessionState>();
        for (var index = 0; index < 30; index++)
            sessions.Add(await AppendAsync(await CreateAsync($"s_{index}"), Message(1)));

        while (await Log.DeleteSomeAsync(Tenant, Cancellation))
        {
            // Piece by piece.
        }

        Assert.Empty(await Log.ListAsync(Tenant, null, 10, Cancellation));
        Assert.Equal(AppendOutcome.Deleted, await Log.AppendAsync(Next(sessions[7], Message(2)), Cancellation));
        Assert.Equal(0, await CountEventsAsync(sessions[7].Key));
        Assert.Empty(await Database.ListAsync(Statements.ListPurges, [SqlValue.Of(10)], SessionRows.ReadKey, Cancellation));
        Assert.Equal(other, await FindAsync(other.Key));
    }

    [Fact]
    public async Task An_append_that_races_with_a_deletion_leaves_no_event_behind()
    {
        for (var round = 0; round < 20; round++)
        {
            var session = await CreateAsync($"s_{round}");

            var append = Log.AppendAsync(Next(session, Message(1)), Cancellation);
            var delete = Log.DeleteAsync(session.Key, Cancellation);

            Assert.True(await delete);
            Assert.Contains(await append, new[] { AppendOutcome.Written, AppendOutcome.Deleted });
            await Purge.RunAsync(Cancellation);
            Assert.Equal(0, await CountEventsAsync(session.Key));
        }
    }

    // What the log answers hides events of deleted sessions: this looks at the rows.
    private Task<long> CountEventsAsync(SessionKey key) => RowsAsync(
        $"SELECT count(*) FROM session_event WHERE tenant = '{key.Tenant}' AND session_id = '{key.SessionId}'");
}
