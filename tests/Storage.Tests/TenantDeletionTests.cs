using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Storage.Tests;

/// <summary>What a deleted tenant leaves in the tables: nothing, piece by piece, and a mark.</summary>
public abstract class TenantDeletionTests(DatabaseKind kind) : StorageTest(kind)
{
    private static readonly TenantId Other = TenantId.Parse("other");

    public sealed class OnSqlite() : TenantDeletionTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : TenantDeletionTests(DatabaseKind.Postgres);

    private ITenantDeletions Deletions => (ITenantDeletions)Services.GetService(typeof(ITenantDeletions))!;

    [Fact]
    public async Task A_deletion_is_listed_until_it_has_ended_and_survives_a_restart()
    {
        await Deletions.BeginAsync(Tenant, Now, Cancellation);
        await Deletions.BeginAsync(Other, Now.AddSeconds(-1), Cancellation);
        await RestartAsync();
        Assert.Equal([Other, Tenant], await Deletions.ListUnfinishedAsync(10, Cancellation));
        Assert.Equal([Other], await Deletions.ListUnfinishedAsync(1, Cancellation));

        await Deletions.EndAsync(Other, Now, Cancellation);
        Assert.Equal([Tenant], await Deletions.ListUnfinishedAsync(10, Cancellation));

        await Deletions.BeginAsync(Other, Now, Cancellation);
        await Deletions.ForgetAsync(Tenant, Cancellation);
        Assert.Equal([Other], await Deletions.ListUnfinishedAsync(10, Cancellation));
    }

    [Fact]
    public async Task A_deleted_tenant_gets_no_new_session_until_it_is_made_anew()
    {
        await Deletions.BeginAsync(Tenant, Now, Cancellation);
        Assert.False(await Log.CreateAsync(NewSession("s_1"), Cancellation));
        await Deletions.EndAsync(Tenant, Now, Cancellation);
        Assert.False(await Log.CreateAsync(NewSession("s_1"), Cancellation));
        await CreateAsync("s_1", tenant: Other);

        await Deletions.ForgetAsync(Tenant, Cancellation);
        Assert.True(await Log.CreateAsync(NewSession("s_1"), Cancellation));
    }

    [Fact]
    public async Task Usage_and_events_of_a_tenant_go_and_those_of_others_stay()
    {
        var entry = new OutboxEntry("e", "message.received", Payload(3));
        var usage = new UsageDelta(new DateOnly(2030, 5, 17), "m", 1, 2, 3);
        foreach (var tenant in new[] { Tenant, Other })
        {
            var session = await CreateAsync("s_1", tenant: tenant);
            var append = Next(session, Message(1)) with { Outbox = [entry], Usage = usage };
            Assert.Equal(AppendOutcome.Written, await Log.AppendAsync(append, Cancellation));
        }

        Assert.True(await Index.RemoveSomeUsageAsync(Tenant, Cancellation));
        Assert.False(await Index.RemoveSomeUsageAsync(Tenant, Cancellation));
        Assert.True(await Events.RemoveSomeAsync(Tenant, Cancellation));
        Assert.False(await Events.RemoveSomeAsync(Tenant, Cancellation));

        Assert.Equal(Other, Assert.Single(await Events.ListWaitingAsync(10, Cancellation)));
        Assert.Empty(await Index.ListUsageAsync(Tenant, usage.Day, usage.Day, Cancellation));
        Assert.Single(await Index.ListUsageAsync(Other, usage.Day, usage.Day, Cancellation));
    }

    [Fact]
    public async Task Running_sessions_of_a_tenant_are_listed_alone()
    {
        foreach (var tenant in new[] { Tenant, Other })
        {
            await CreateAsync("s_idle", tenant: tenant);
            var running = await CreateAsync("s_running", tenant: tenant);
            await Log.AppendAsync(Next(running, Message(1)) with { RunState = SessionRunState.Running }, Cancellation);
        }

        Assert.Equal([new SessionKey(Tenant, "s_running")], await Log.ListRunningAsync(Tenant, 10, Cancellation));
    }

    private static SessionState NewSession(string id) =>
        new() { Key = new SessionKey(Tenant, id), Model = "offline", CreatedAt = Now, UpdatedAt = Now };
}
