using System.Globalization;
using OpenClaw.Contract.Tests.Support;
using OpenClaw.Testing;
using OpenClaw.Testing.Http;
using OpenClaw.Testing.Servers;

namespace OpenClaw.Contract.Tests.Tenants;

/// <summary>What holds for a tenant holds wherever it asks: two processes of one cluster, each with a front-end of its own.</summary>
[Trait("Category", "Slow")]
public sealed class TwoServersTests : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private ServerProcess _one = null!;
    private ServerProcess _other = null!;
    private ApiClient _admin = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var settings = new ServerSettings { Database = DatabaseKind.Postgres, OfflineChunkDelayMilliseconds = 100 };
        _one = await ServerProcess.StartAsync(settings, Cancellation);
        _other = await ServerProcess.StartAsync(settings with { ConnectionString = _one.ConnectionString }, Cancellation);
        _admin = _one.CreateAdminClient();
    }

    public async ValueTask DisposeAsync()
    {
        _admin.Dispose();
        await _other.DisposeAsync();
        await _one.DisposeAsync();
    }

    [Fact]
    public async Task Of_messages_sent_through_both_at_once_exactly_a_hundred_a_minute_are_taken()
    {
        using var tenant = await TestTenant.CreateAsync(_one, Cancellation);
        using var elsewhere = _other.CreateClient(tenant.Key);
        var sessions = new List<string>();
        for (var i = 0; i < 20; i++)
            sessions.Add(await tenant.Client.CreateSessionAsync(Cancellation));

        var statuses = await Task.WhenAll(Enumerable.Range(0, 300).Select(async i =>
        {
            var client = i % 2 == 0 ? tenant.Client : elsewhere;
            // Its head is enough: that the turn goes on needs nobody who waits.
            await using var sent = await client.StreamMessageAsync(sessions[i % sessions.Count], "hello", Cancellation);
            return sent.Status;
        }));

        Assert.Equal(100, statuses.Count(status => status == 200));
        Assert.Equal(200, statuses.Count(status => status == 429));
    }

    [Fact]
    public async Task A_key_deleted_through_one_is_refused_by_the_other_within_a_second_and_its_stream_ends()
    {
        using var tenant = await TestTenant.CreateAsync(_one, Cancellation);
        var (keyId, key) = await tenant.CreateKeyAsync(["read"], Cancellation);
        var id = await tenant.Client.CreateSessionAsync(Cancellation);
        using var elsewhere = _other.CreateClient(key);
        await using var watch = await elsewhere.WatchAsync(id, 0, Cancellation);
        Assert.Equal(200, (await elsewhere.GetAsync("/api/sessions", Cancellation)).Status);

        SessionCalls.Require(await _admin.DeleteAsync($"/api/admin/keys/{keyId}", Cancellation), 200);
        await AssertRefusedWithinASecondAsync(elsewhere);
        Assert.Null(await watch.ReadFrameAsync(Cancellation));
    }

    [Fact]
    public async Task A_key_is_refused_by_both_within_a_second_of_its_time()
    {
        using var tenant = await TestTenant.CreateAsync(_one, Cancellation);
        var expiresAt = TimeProvider.System.GetUtcNow().AddSeconds(3);
        var (_, key) = await tenant.CreateKeyAsync(["read"], Cancellation, expiresAt);

        await Task.WhenAll(new[] { _one, _other }.Select(async server =>
        {
            using var client = server.CreateClient(key);
            Assert.Equal(200, (await client.GetAsync("/api/sessions", Cancellation)).Status);
            ErrorAssert.IsUnauthorized(await AskUntilRefusedAsync(client));
            Assert.InRange(TimeProvider.System.GetUtcNow(), expiresAt, expiresAt + Second);
        }));
    }

    [Fact]
    public async Task A_tenant_deleted_through_one_is_refused_by_the_other_its_turn_ends_and_its_id_comes_free()
    {
        using var tenant = await TestTenant.CreateAsync(_one, Cancellation);
        using var elsewhere = _other.CreateClient(tenant.Key);
        var id = await elsewhere.CreateSessionAsync(Cancellation);
        await using var turn = await elsewhere.StreamMessageAsync(id, "帮我写一段代码", Cancellation);
        Assert.NotNull(await turn.ReadFrameAsync(Cancellation));

        SessionCalls.Require(await _admin.DeleteAsync($"/api/admin/tenants/{tenant.TenantId}", Cancellation), 200);
        await AssertRefusedWithinASecondAsync(elsewhere);
        var rest = new List<StreamFrame>();
        await foreach (var frame in turn.ReadFramesAsync(Cancellation))
            rest.Add(frame);
        Assert.DoesNotContain(rest, frame => frame.Type == "done");

        var again = await NewTenantAsync(tenant.TenantId);
        Assert.Equal((409, "tenantId"), (again.Status, again.Text("error", "details", "field")));
        Assert.Contains("being removed", again.Text("error", "details", "reason")!, StringComparison.Ordinal);
        while (again.Status == 409)
            again = await NewTenantAsync(tenant.TenantId);
        SessionCalls.Require(again, 201);
        await AssertNothingLeftAsync(tenant.TenantId);
        ErrorAssert.IsUnauthorized(await elsewhere.GetAsync("/api/sessions", Cancellation));
    }

    private Task<ApiResponse> NewTenantAsync(string id) =>
        _admin.PostAsync("/api/admin/tenants", new { name = "Anew", tenantId = id }, Cancellation);

    /// <summary>Looks at every table that has a column for the tenant.</summary>
    private async Task AssertNothingLeftAsync(string tenant)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(_one.ConnectionString);
        var tables = new List<string>();
        await using (var columns = source.CreateCommand(
            "SELECT quote_ident(table_name) FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'tenant'"))
        await using (var row = await columns.ExecuteReaderAsync(Cancellation))
        {
            while (await row.ReadAsync(Cancellation))
                tables.Add(row.GetString(0));
        }

        Assert.Contains("session_event", tables);
        foreach (var table in tables)
        {
            await using var count = source.CreateCommand($"SELECT count(*) FROM {table} WHERE tenant = $1");
            count.Parameters.AddWithValue(tenant);
            Assert.True(0 == Convert.ToInt64(await count.ExecuteScalarAsync(Cancellation), CultureInfo.InvariantCulture), $"{table} holds rows of {tenant}.");
        }
    }

    private static async Task AssertRefusedWithinASecondAsync(ApiClient client)
    {
        var since = TimeProvider.System.GetTimestamp();
        ErrorAssert.IsUnauthorized(await AskUntilRefusedAsync(client));
        Assert.True(TimeProvider.System.GetElapsedTime(since) <= Second, "The key worked for longer than a second.");
    }

    private static async Task<ApiResponse> AskUntilRefusedAsync(ApiClient client)
    {
        while (true)
        {
            var response = await client.GetAsync("/api/sessions", Cancellation);
            if (response.Status != 200)
                return response;
        }
    }
}
