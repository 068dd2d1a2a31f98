using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Storage.Tests;

/// <summary>The operator's view over all tenants.</summary>
public abstract class ActiveSessionTests(DatabaseKind kind) : StorageTest(kind)
{
    public sealed class OnSqlite() : ActiveSessionTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : ActiveSessionTests(DatabaseKind.Postgres);

    private static readonly TenantId Other = TenantId.Parse("other");

    [Fact]
    public async Task Pages_show_each_running_session_once_although_its_turn_goes_on_writing()
    {
        foreach (var (id, tenant) in new[] { ("s-3", Tenant), ("s-1", Tenant), ("s-2", Other), ("S-4", Tenant), ("s-1", Other) })
            await RunAsync(id, tenant);
        await CreateAsync("idle");

        var read = new List<string>();
        SessionKey? after = null;
        while (await Log.ListActiveAsync(null, after, 2, Cancellation) is { Count: > 0 } page)
        {
            read.AddRange(page.Select(session => session.Key.ToString()));
            after = page[^1].Key;
            // What has been shown is written last: in the order of time it would come again.
            Clock.Advance(TimeSpan.FromSeconds(1));
            foreach (var shown in page)
                await AppendRunningAsync(await FindAsync(shown.Key));
        }

        Assert.Equal(["acme/s/S-4", "acme/s/s-1", "acme/s/s-3", "other/s/s-1", "other/s/s-2"], read);
    }

    [Fact]
    public async Task One_tenants_sessions_are_shown_alone()
    {
        await RunAsync("s-1", Tenant);
        await RunAsync("s-1", Other);

        var session = Assert.Single(await Log.ListActiveAsync(Other, null, 10, Cancellation));

        Assert.Equal((new SessionKey(Other, "s-1"), "offline", Now), (session.Key, session.Model, session.UpdatedAt));
        Assert.Equal([1, 2, 3], session.Mailbox);
        Assert.Empty(await Log.ListActiveAsync(Other, session.Key, 10, Cancellation));
    }

    [Fact]
    public async Task A_session_whose_turn_has_ended_or_that_is_deleted_is_not_shown()
    {
        var ended = await RunAsync("ended", Tenant);
        Assert.Equal(AppendOutcome.Written, await Log.AppendAsync(Next(ended), Cancellation));
        var deleted = await RunAsync("deleted", Tenant);
        Assert.True(await Log.DeleteAsync(deleted.Key, Cancellation));

        Assert.Empty(await Log.ListActiveAsync(null, null, 10, Cancellation));
    }

    [Fact]
    public async Task A_sessions_tenant_is_found_by_its_id_whether_it_runs_or_not()
    {
        foreach (var tenant in new[] { Tenant, Other, TenantId.Parse("third") })
            await Index.AddTenantAsync(new TenantInfo(tenant.Value, "A tenant", Now), Cancellation);
        await CreateAsync("mine");
        await CreateAsync("shared");
        await RunAsync("shared", Other);
        await RunAsync("shared", TenantId.Parse("third"));

        Assert.Equal([Tenant], await Log.FindTenantsAsync("mine", 2, Cancellation));
        Assert.Equal([Tenant, Other], await Log.FindTenantsAsync("shared", 2, Cancellation));
        Assert.Empty(await Log.FindTenantsAsync("MINE", 2, Cancellation));
    }

    private async Task<SessionState> RunAsync(string id, TenantId tenant) =>
        await AppendRunningAsync(await CreateAsync(id, tenant: tenant));

    private async Task<SessionState> AppendRunningAsync(SessionState session)
    {
        var append = Next(session) with { RunState = SessionRunState.Running, Mailbox = [1, 2, 3], At = Clock.GetUtcNow() };
        Assert.Equal(AppendOutcome.Written, await Log.AppendAsync(append, Cancellation));
        return await FindAsync(session.Key);
    }
}
