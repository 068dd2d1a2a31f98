using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenClaw.Storage.Idempotency;

namespace OpenClaw.Storage.Tests;

public abstract class MaintenanceTests(DatabaseKind kind) : StorageTest(kind)
{
    public sealed class OnSqlite() : MaintenanceTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : MaintenanceTests(DatabaseKind.Postgres);

    [Fact]
    public async Task What_is_deleted_before_or_while_the_host_runs_is_purged()
    {
        var before = await AppendAsync(await CreateAsync("s_before"), Message(1));
        var during = await AppendAsync(await CreateAsync("s_during"), Message(1));
        await Log.DeleteAsync(before.Key, Cancellation);
        var work = Assert.Single(Services.GetServices<IHostedService>());

        await work.StartAsync(Cancellation);
        await UntilNoneAsync("SELECT count(*) FROM session_event WHERE session_id = 's_before'");
        await Log.DeleteAsync(during.Key, Cancellation);
        await UntilNoneAsync("SELECT count(*) FROM session_event");
        await UntilNoneAsync("SELECT count(*) FROM session_purge");
        await work.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Expired_keys_are_purged_while_the_host_runs()
    {
        await Keys.TryInsertAsync(
            new IdempotencyState { Tenant = "acme", Scope = "s", Key = "k", Fingerprint = "f", ExpiresAt = Now.AddMinutes(-1) }, Guid.NewGuid(), Cancellation);
        var work = Assert.Single(Services.GetServices<IHostedService>());

        await work.StartAsync(Cancellation);
        await UntilNoneAsync("SELECT count(*) FROM idempotency");
        await work.StopAsync(Cancellation);
    }

    // Each look is a query, so that the wait is the database's.
    private async Task UntilNoneAsync(string sql)
    {
        while (await RowsAsync(sql) > 0)
            Cancellation.ThrowIfCancellationRequested();
    }
}
