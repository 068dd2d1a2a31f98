using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Storage.Tests;

/// <summary>Events get the tenant's numbers after they were written, each once, and are kept as long as promised.</summary>
public abstract class EventLogTests(DatabaseKind kind) : StorageTest(kind)
{
    private static readonly TenantId Other = TenantId.Parse("other");

    public sealed class OnSqlite() : EventLogTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : EventLogTests(DatabaseKind.Postgres);

    [Fact]
    public async Task Events_are_numbered_in_the_order_of_their_writing_and_leave_the_outbox()
    {
        await AddAsync(Tenant, "e1", "e2", "e3");
        await AddAsync(Other, "o1");

        var rows = await Events.ReadOutboxAsync(Tenant, 2, Cancellation);
        var first = await Events.SequenceAsync(Tenant, 0, rows, Cancellation);
        var second = await Events.SequenceAsync(Tenant, 2, await Events.ReadOutboxAsync(Tenant, 10, Cancellation), Cancellation);

        Assert.Equal((2, 3), (first!.Value.Head, second!.Value.Head));
        Assert.Equal(3, await Events.FindHeadAsync(Tenant, Cancellation));
        Assert.Equal(1, await Events.FindFirstAsync(Tenant, Cancellation));
        Assert.Equal(Other, Assert.Single(await Events.ListWaitingAsync(10, Cancellation)));
        var read = await Events.ReadAsync(Tenant, 1, 10, Cancellation);
        Assert.Equal([(2, "e2"), (3, "e3")], read.Select(entry => (entry.Seq, entry.Event.EventId)));
        Assert.Equal(("", (long?)null, Now, "{}"), (read[0].SessionId, read[0].Event.SessionSeq, read[0].At, Text(read[0].Event.Payload)));
    }

    [Fact]
    public async Task Of_two_that_number_the_same_events_one_writes_nothing()
    {
        await AddAsync(Tenant, "e1", "e2");
        var rows = await Events.ReadOutboxAsync(Tenant, 10, Cancellation);

        var outcomes = await Task.WhenAll(
            Events.SequenceAsync(Tenant, 0, rows, Cancellation), Events.SequenceAsync(Tenant, 0, rows, Cancellation));
        var late = await Events.SequenceAsync(Tenant, 0, rows, Cancellation);

        Assert.Single(outcomes, outcome => outcome is not null);
        Assert.Null(late);
        Assert.Equal(["e1", "e2"], (await Events.ReadAsync(Tenant, 0, 10, Cancellation)).Select(entry => entry.Event.EventId));
    }

    [Fact]
    public async Task Nothing_is_numbered_for_a_deleted_tenant()
    {
        await AddAsync(Tenant, "e1");
        var rows = await Events.ReadOutboxAsync(Tenant, 10, Cancellation);
        await ((ITenantDeletions)Services.GetService(typeof(ITenantDeletions))!).BeginAsync(Tenant, Now, Cancellation);

        Assert.Null(await Events.SequenceAsync(Tenant, 0, rows, Cancellation));
        await AddAsync(Tenant, "e2");

        Assert.Single(await Events.ReadOutboxAsync(Tenant, 10, Cancellation));
        Assert.True(await Events.RemoveSomeAsync(Tenant, Cancellation));
        Assert.False(await Events.RemoveSomeAsync(Tenant, Cancellation));
    }

    [Fact]
    public async Task An_append_s_event_is_found_by_its_place_in_the_session()
    {
        var session = await CreateAsync("s_1");
        await Log.AppendAsync(Next(session, Message(1)) with { Outbox = [new OutboxEntry("e1", "message.received", "{}"u8.ToArray(), 1)] }, Cancellation);

        var rows = await Events.ReadOutboxAsync(Tenant, 10, Cancellation);
        await Events.SequenceAsync(Tenant, 0, rows, Cancellation);

        Assert.Equal(("s_1", (long?)1), (rows[0].SessionId, rows[0].Entry.SessionSeq));
        Assert.Equal(1, (await Events.FindAsync(session.Key, 1, "message.received", Cancellation))!.Seq);
        Assert.Null(await Events.FindAsync(session.Key, 1, "message.sent", Cancellation));
        Assert.Null(await Events.FindAsync(session.Key, 2, "message.received", Cancellation));
    }

    [Fact]
    public async Task What_a_deleted_session_said_goes_and_the_numbers_stay()
    {
        var session = await CreateAsync("s_1");
        await Log.AppendAsync(Next(session, Message(1)) with { Outbox = [new OutboxEntry("e1", "message.received", "{\"content\":\"x\"}"u8.ToArray(), 1)] }, Cancellation);
        await Events.SequenceAsync(Tenant, 0, await Events.ReadOutboxAsync(Tenant, 10, Cancellation), Cancellation);

        await Log.DeleteAsync(session.Key, Cancellation);
        while (await Log.DeleteSomeAsync(Tenant, Cancellation))
        {
            // Until nothing of it is left.
        }

        Assert.Equal("""{"sessionId":"s_1","deleted":true}""", Text(Assert.Single(await Events.ReadAsync(Tenant, 0, 10, Cancellation)).Event.Payload));
    }

    [Fact]
    public async Task Events_go_when_they_are_both_old_and_far_behind()
    {
        await AddAsync(Tenant, "e1", "e2", "e3");
        await Events.SequenceAsync(Tenant, 0, await Events.ReadOutboxAsync(Tenant, 10, Cancellation), Cancellation);

        Assert.Equal(0, await Events.PurgeAsync(Tenant, Now, 4, 10, Cancellation));
        Assert.Equal(0, await Events.PurgeAsync(Tenant, Now.AddSeconds(1), 1, 10, Cancellation));
        Assert.Equal(1, await Events.PurgeAsync(Tenant, Now.AddSeconds(1), 3, 1, Cancellation));
        Assert.Equal(2, await Events.FindFirstAsync(Tenant, Cancellation));
        Assert.Equal(2, await Events.PurgeAsync(Now.AddSeconds(1), 10, Cancellation));
        Assert.Null(await Events.FindFirstAsync(Tenant, Cancellation));
        Assert.Equal(3, await Events.FindHeadAsync(Tenant, Cancellation));
    }

    private static string Text(byte[] payload) => System.Text.Encoding.UTF8.GetString(payload);

    private async Task AddAsync(TenantId tenant, params string[] ids)
    {
        foreach (var id in ids)
            await Events.AddAsync(tenant, new OutboxEntry(id, "task.started", "{}"u8.ToArray()), null, Now, Cancellation);
    }
}
