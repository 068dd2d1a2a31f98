using OpenClaw.Storage.Idempotency;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Storage.Tests;

public abstract class IdempotencyTests(DatabaseKind kind) : StorageTest(kind)
{
    private const string Scope = "POST /api/sessions";

    public sealed class OnSqlite() : IdempotencyTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : IdempotencyTests(DatabaseKind.Postgres);

    private static IdempotencyState State(string key = "k1", string fingerprint = "f1", int seconds = 60) => new()
    {
        Tenant = "acme",
        Scope = Scope,
        Key = key,
        Fingerprint = fingerprint,
        ExpiresAt = Now.AddSeconds(seconds),
    };

    [Fact]
    public async Task An_intent_is_found_until_its_result_joins_it()
    {
        Assert.True(await Keys.TryInsertAsync(State(), Guid.NewGuid(), Cancellation));
        Assert.Equal(State(), await Keys.FindAsync(Tenant, Scope, "k1", Cancellation));

        await Keys.CompleteAsync(Tenant, Scope, "k1", [1, 0, 2], Cancellation);

        var found = await Keys.FindAsync(Tenant, Scope, "k1", Cancellation);
        Assert.Equal([1, 0, 2], found!.Result);
        Assert.Equal("f1", found.Fingerprint);
    }

    [Fact]
    public async Task Keys_of_other_scopes_tenants_and_cases_are_other_keys()
    {
        Assert.True(await Keys.TryInsertAsync(State(), Guid.NewGuid(), Cancellation));

        Assert.True(await Keys.TryInsertAsync(State() with { Tenant = "other" }, Guid.NewGuid(), Cancellation));
        Assert.True(await Keys.TryInsertAsync(State() with { Scope = "POST /api/tasks" }, Guid.NewGuid(), Cancellation));
        Assert.True(await Keys.TryInsertAsync(State("K1"), Guid.NewGuid(), Cancellation));
        Assert.False(await Keys.TryInsertAsync(State(fingerprint: "f2"), Guid.NewGuid(), Cancellation));
        Assert.Equal("f1", (await Keys.FindAsync(Tenant, Scope, "k1", Cancellation))!.Fingerprint);
    }

    [Fact]
    public async Task A_claim_that_is_made_twice_finds_its_own_key()
    {
        var claim = Guid.NewGuid();
        Assert.True(await Keys.TryInsertAsync(State(), claim, Cancellation));

        Assert.True(await Keys.TryInsertAsync(State(), claim, Cancellation));
        Assert.False(await Keys.TryInsertAsync(State(), Guid.NewGuid(), Cancellation));
    }

    [Fact]
    public async Task Of_many_that_claim_a_key_at_once_one_gets_it()
    {
        var claims = await Task.WhenAll(
            Enumerable.Range(0, 30).Select(index => Keys.TryInsertAsync(State(fingerprint: $"f{index}"), Guid.NewGuid(), Cancellation)));

        Assert.Single(claims, true);
    }

    [Fact]
    public async Task An_expired_key_is_as_good_as_absent()
    {
        await Keys.TryInsertAsync(State(seconds: 60) with { Result = [1] }, Guid.NewGuid(), Cancellation);
        Clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Null(await Keys.FindAsync(Tenant, Scope, "k1", Cancellation));
        Assert.True(await Keys.TryInsertAsync(State(fingerprint: "f2", seconds: 120), Guid.NewGuid(), Cancellation));

        var found = await Keys.FindAsync(Tenant, Scope, "k1", Cancellation);
        Assert.Equal("f2", found!.Fingerprint);
        Assert.Null(found.Result);
    }

    [Fact]
    public async Task A_removed_key_can_be_claimed_again()
    {
        var claim = Guid.NewGuid();
        await Keys.TryInsertAsync(State(), claim, Cancellation);

        await Keys.RemoveAsync(Tenant, Scope, "k1", Guid.NewGuid(), Cancellation);
        Assert.NotNull(await Keys.FindAsync(Tenant, Scope, "k1", Cancellation));
        await Keys.RemoveAsync(Tenant, Scope, "k1", claim, Cancellation);

        Assert.Null(await Keys.FindAsync(Tenant, Scope, "k1", Cancellation));
        Assert.True(await Keys.TryInsertAsync(State(), Guid.NewGuid(), Cancellation));
    }

    [Fact]
    public async Task The_purge_takes_expired_keys_alone_and_no_more_than_asked_for()
    {
        for (var index = 0; index < 5; index++)
            await Keys.TryInsertAsync(State($"old{index}", seconds: 10), Guid.NewGuid(), Cancellation);
        await Keys.TryInsertAsync(State("new", seconds: 100), Guid.NewGuid(), Cancellation);
        Clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(3, await Keys.PurgeAsync(3, Cancellation));
        Assert.Equal(2, await Keys.PurgeAsync(3, Cancellation));
        Assert.Equal(0, await Keys.PurgeAsync(3, Cancellation));
        Assert.NotNull(await Keys.FindAsync(Tenant, Scope, "new", Cancellation));
    }

    [Fact]
    public async Task A_deleted_tenant_leaves_no_keys_and_no_usage()
    {
        for (var index = 0; index < 5; index++)
            await Keys.TryInsertAsync(State($"k{index}"), Guid.NewGuid(), Cancellation);
        await Keys.TryInsertAsync(State() with { Tenant = "other" }, Guid.NewGuid(), Cancellation);
        var day = new DateOnly(2030, 5, 17);
        await Log.AppendAsync(
            Next(await CreateAsync("s_1")) with { Usage = new Tenants.UsageDelta(day, "offline", 1, 2, 3) }, Cancellation);

        while (await Keys.RemoveSomeAsync(Tenant, Cancellation) || await Index.RemoveSomeUsageAsync(Tenant, Cancellation))
        {
            // Piece by piece.
        }

        Assert.Null(await Keys.FindAsync(Tenant, Scope, "k3", Cancellation));
        Assert.Empty(await Index.ListUsageAsync(Tenant, day, day, Cancellation));
        Assert.Equal(1, await RowsAsync("SELECT count(*) FROM idempotency"));
    }

    [Fact]
    public async Task An_append_records_its_key()
    {
        var session = await CreateAsync("s_1");

        await Log.AppendAsync(Next(session, Message(1)) with { Idempotency = State() with { Result = [9] } }, Cancellation);

        Assert.Equal([9], (await Keys.FindAsync(Tenant, Scope, "k1", Cancellation))!.Result);
        Assert.False(await Keys.TryInsertAsync(State(), Guid.NewGuid(), Cancellation));
    }

    [Fact]
    public async Task An_append_whose_key_is_taken_writes_nothing()
    {
        await Keys.TryInsertAsync(State(), Guid.NewGuid(), Cancellation);
        var session = await CreateAsync("s_1");
        var append = Next(session, Message(1)) with
        {
            Idempotency = State(fingerprint: "f2"),
            Outbox = [new OutboxEntry("e1", "message.received", [])],
            Definition = new SessionDefinition("title", "model", null),
            Usage = new Tenants.UsageDelta(new DateOnly(2030, 5, 17), "offline", 1, 2, 3),
        };

        Assert.Equal(AppendOutcome.DuplicateKey, await Log.AppendAsync(append, Cancellation));

        Assert.Equal(session, await FindAsync(session.Key));
        Assert.Empty(await Log.ReadAsync(session.Key, 0, 10, Cancellation));
        Assert.Empty(await Events.ReadOutboxAsync(Tenant, 10, Cancellation));
        Assert.Empty(await Index.ListUsageAsync(Tenant, DateOnly.MinValue, DateOnly.MaxValue, Cancellation));
        Assert.Equal("f1", (await Keys.FindAsync(Tenant, Scope, "k1", Cancellation))!.Fingerprint);
        Assert.Equal(AppendOutcome.Written, await Log.AppendAsync(append with { Idempotency = null }, Cancellation));
    }

    [Fact]
    public async Task Of_appends_that_bring_the_same_key_at_once_one_is_written()
    {
        var sessions = new List<SessionState>();
        for (var index = 0; index < 20; index++)
            sessions.Add(await CreateAsync($"s_{index}"));

        var outcomes = await Task.WhenAll(sessions.Select(session => Log.AppendAsync(
            Next(session, Message(1)) with { Idempotency = State(fingerprint: session.Key.SessionId) }, Cancellation)));

        Assert.Single(outcomes, AppendOutcome.Written);
        Assert.Equal(19, outcomes.Count(outcome => outcome == AppendOutcome.DuplicateKey));
        Assert.Equal(1, await RowsAsync("SELECT count(*) FROM session_event"));
        var winner = sessions[Array.IndexOf(outcomes, AppendOutcome.Written)];
        Assert.Equal(winner.Key.SessionId, (await Keys.FindAsync(Tenant, Scope, "k1", Cancellation))!.Fingerprint);
    }

    [Fact]
    public async Task An_append_replaces_an_expired_key()
    {
        await Keys.TryInsertAsync(State(seconds: 1), Guid.NewGuid(), Cancellation);
        Clock.Advance(TimeSpan.FromSeconds(1));
        var session = await CreateAsync("s_1");

        var append = Next(session, Message(1)) with { Idempotency = State(fingerprint: "f2") };

        Assert.Equal(AppendOutcome.Written, await Log.AppendAsync(append, Cancellation));
        Assert.Equal("f2", (await Keys.FindAsync(Tenant, Scope, "k1", Cancellation))!.Fingerprint);
    }

    [Fact]
    public async Task An_append_repeated_under_its_own_id_does_not_take_its_key_for_another_s()
    {
        var session = await CreateAsync("s_1");
        var append = Next(session, Message(1)) with { Idempotency = State() };

        Assert.Equal(AppendOutcome.Written, await Log.AppendAsync(append, Cancellation));
        Assert.Equal(AppendOutcome.Written, await Log.AppendAsync(append, Cancellation));
        Assert.Equal(AppendOutcome.Fenced, await Log.AppendAsync(append with { AppendId = Guid.NewGuid() }, Cancellation));
    }

    [Fact]
    public async Task A_taken_key_does_not_hide_that_the_session_is_gone()
    {
        await Keys.TryInsertAsync(State(), Guid.NewGuid(), Cancellation);
        var session = await CreateAsync("s_1");
        await Log.DeleteAsync(session.Key, Cancellation);

        Assert.Equal(
            AppendOutcome.Deleted, await Log.AppendAsync(Next(session, Message(1)) with { Idempotency = State() }, Cancellation));
    }
}
