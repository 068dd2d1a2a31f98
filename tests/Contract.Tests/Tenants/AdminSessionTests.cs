using OpenClaw.Contract.Tests.Support;
using OpenClaw.Contract.Tests.Turns;
using OpenClaw.Testing;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Tenants;

/// <summary>An operator sees what runs and stops it, whosever it is.</summary>
public abstract class AdminSessionTests(DatabaseServers servers) : ContractTest(servers)
{
    /// <summary>By contract; the server's own share of it is a few milliseconds.</summary>
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public sealed class OnSqlite(Servers servers) : AdminSessionTests(servers.OnSqlite);

    public sealed class OnPostgres(Servers servers) : AdminSessionTests(servers.OnPostgres)
    {
        [Fact]
        public async Task A_turn_is_stopped_from_another_process_wherever_it_runs()
        {
            // Not the servers of other tests: their cluster would have to find out that one of its processes ended.
            var settings = new ServerSettings { Database = DatabaseKind.Postgres, OfflineChunkDelayMilliseconds = 10_000 };
            await using var first = await ServerProcess.StartAsync(settings, Cancellation);
            await using var second = await ServerProcess.StartAsync(settings with { ConnectionString = first.ConnectionString }, Cancellation);
            using var tenant = await TestTenant.CreateAsync(first, Cancellation);
            using var operatorElsewhere = second.CreateClient(first.AdminKey);

            // Enough of them that both processes have some.
            for (var i = 0; i < 10; i++)
            {
                var id = await tenant.Client.CreateSessionAsync(Cancellation);
                await using var turn = await RunningTurn.StartAsync(tenant, id, CodeQuestion, Cancellation);
                await StopAsync(operatorElsewhere, id, turn);
            }
        }
    }

    [Fact]
    public async Task A_running_turn_is_listed_and_stopped_within_a_second_by_its_sessions_id_alone()
    {
        using var tenant = await NewTenantAsync(Servers.Endless);
        var id = await tenant.Client.CreateSessionAsync(Cancellation, new { title = "a secret title" });
        await using var turn = await RunningTurn.StartAsync(tenant, id, CodeQuestion, Cancellation);

        var listed = await tenant.Admin.GetAsync($"/api/admin/sessions/active?tenantId={tenant.TenantId}", Cancellation);
        Assert.Equal(200, listed.Status);
        var session = Assert.Single(listed.Json.GetProperty("sessions").EnumerateArray());
        Assert.Equal((tenant.TenantId, id), (session.GetProperty("tenantId").GetString(), session.GetProperty("sessionId").GetString()));
        Assert.Equal(turn.TurnId, session.GetProperty("activeTurn").GetProperty("turnId").GetString());
        Assert.Equal(1, session.GetProperty("activeTurn").GetProperty("step").GetInt32());
        Shape.Has(session, "model");
        Shape.IsRecentTime(session.GetProperty("updatedAt"));
        Shape.IsRecentTime(session.GetProperty("activeTurn").GetProperty("startedAt"));
        Assert.DoesNotContain("secret", listed.Body, StringComparison.Ordinal);

        await StopAsync(tenant.Admin, id, turn);
        Assert.Empty((await tenant.Admin.GetAsync($"/api/admin/sessions/active?tenantId={tenant.TenantId}", Cancellation)).Json.GetProperty("sessions").EnumerateArray());
        Assert.Equal(2, (await tenant.Client.HistoryAsync(id, Cancellation)).Count);
    }

    [Fact]
    public async Task Stopping_an_idle_session_is_no_error_and_an_unknown_one_is_not_found()
    {
        using var tenant = await NewTenantAsync();
        var id = await tenant.Client.CreateSessionAsync(Cancellation);

        var idle = await tenant.Admin.PostAsync($"/api/admin/sessions/{id}/cancel", null, Cancellation);
        Assert.Equal((200, "idle"), (idle.Status, idle.Text("status")));
        ErrorAssert.IsNotFound(await tenant.Admin.PostAsync($"/api/admin/sessions/{id}/cancel", new { tenantId = "default" }, Cancellation));
        ErrorAssert.IsNotFound(await tenant.Admin.PostAsync("/api/admin/sessions/sess-nobody/cancel", null, Cancellation));
        ErrorAssert.IsInvalid(await tenant.Admin.PostAsync($"/api/admin/sessions/{id}/cancel", new { tenantId = "!" }, Cancellation), "tenantId");
        ErrorAssert.IsForbidden(await tenant.Client.PostAsync($"/api/admin/sessions/{id}/cancel", null, Cancellation));
        ErrorAssert.IsForbidden(await tenant.Client.GetAsync("/api/admin/sessions/active", Cancellation));
    }

    private static async Task StopAsync(ApiClient admin, string id, RunningTurn turn)
    {
        var asked = TimeProvider.System.GetTimestamp();
        var stopped = await admin.PostAsync($"/api/admin/sessions/{id}/cancel", null, Cancellation);
        Assert.Equal((200, "cancelled", turn.TurnId), (stopped.Status, stopped.Text("status"), stopped.Text("turnId")));
        Assert.Equal("cancelled", (await turn.FinishAsync(Cancellation)).Text("finishReason"));
        Assert.InRange(TimeProvider.System.GetElapsedTime(asked), TimeSpan.Zero, Second);
    }
}
