using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tests.Cluster;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Grains.Tests.Tenants;

[Collection(ClusterCollection.Name)]
public sealed class TenantDirectoryGrainTests(ClusterFixture cluster)
{
    private readonly TestSilo _silo = cluster.Silo;

    private ITenantIndex Index => _silo.Services.GetRequiredService<ITenantIndex>();

    [Fact]
    public async Task Sessions_come_newest_first_page_by_page_each_once()
    {
        var tenant = await _silo.CreateTenantAsync();
        var log = _silo.Services.GetRequiredService<ISessionLog>();
        for (var i = 0; i < 7; i++)
        {
            await log.CreateAsync(_silo.Session(tenant, $"sess-{i}"), TenantTest.Token);
            // Two at a time share their moment, so that the id has to break the tie.
            if (i % 2 == 1)
                _silo.Time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var ids = new List<string>();
        var sizes = new List<int>();
        string? cursor = null;
        do
        {
            var page = await _silo.Directory(tenant).ListSessions(3, cursor, TenantTest.Token);
            Assert.Null(page.Problem);
            ids.AddRange(page.Sessions.Select(session => session.SessionId));
            sizes.Add(page.Sessions.Count);
            cursor = page.NextCursor;
        }
        while (cursor is not null);

        Assert.Equal(["sess-6", "sess-5", "sess-4", "sess-3", "sess-2", "sess-1", "sess-0"], ids);
        Assert.Equal([3, 3, 1], sizes);
    }

    [Fact]
    public async Task A_session_is_listed_with_the_model_that_answers()
    {
        var tenant = await _silo.CreateTenantAsync();
        await _silo.Services.GetRequiredService<ISessionLog>().CreateAsync(
            _silo.Session(tenant, "sess-1") with { Title = "题目", RunState = SessionRunState.Running }, TenantTest.Token);

        var session = Assert.Single((await _silo.Directory(tenant).ListSessions(10, null, TenantTest.Token)).Sessions);

        Assert.Equal(("a-model", FixedModels.ServedBy, "题目", SessionStatus.Active), (session.Model, session.ServedBy, session.Title, session.Status));
    }

    [Fact]
    public async Task Another_tenants_sessions_are_not_listed()
    {
        var one = await _silo.CreateTenantAsync();
        var other = await _silo.CreateTenantAsync();
        await _silo.Services.GetRequiredService<ISessionLog>().CreateAsync(_silo.Session(one, "sess-1"), TenantTest.Token);

        Assert.Empty((await _silo.Directory(other).ListSessions(10, null, TenantTest.Token)).Sessions);
    }

    [Fact]
    public async Task The_operator_pages_through_the_sessions_that_run()
    {
        var tenant = await _silo.CreateTenantAsync();
        var log = _silo.Services.GetRequiredService<ISessionLog>();
        foreach (var (id, state) in new[] { ("sess-1", SessionRunState.Running), ("sess-2", SessionRunState.Idle), ("sess-3", SessionRunState.Running) })
            await log.CreateAsync(_silo.Session(tenant, id) with { Title = "题目", RunState = state }, TenantTest.Token);

        var operators = _silo.Directory(TenantId.Default);
        var first = await operators.ListActiveSessions(tenant.Value, 1, null, TenantTest.Token);
        var second = await operators.ListActiveSessions(tenant.Value, 1, first.NextCursor, TenantTest.Token);

        Assert.Equal((tenant.Value, "sess-1", "a-model"), (first.Sessions[0].TenantId, first.Sessions[0].SessionId, first.Sessions[0].Model));
        Assert.Equal(("sess-3", null), (second.Sessions[0].SessionId, second.NextCursor));
    }

    [Fact]
    public async Task The_operator_finds_whose_a_session_is_and_whether_its_id_leaves_a_doubt()
    {
        var (one, other) = (await _silo.CreateTenantAsync(), await _silo.CreateTenantAsync());
        var log = _silo.Services.GetRequiredService<ISessionLog>();
        var (mine, shared) = ($"sess-{Guid.NewGuid():n}", $"sess-{Guid.NewGuid():n}");
        foreach (var (tenant, id) in new[] { (one, mine), (one, shared), (other, shared) })
            await log.CreateAsync(_silo.Session(tenant, id), TenantTest.Token);

        var operators = _silo.Directory(TenantId.Default);

        Assert.Equal(new SessionOwner(one.Value, false), await operators.FindSessionOwner(mine, TenantTest.Token));
        Assert.True((await operators.FindSessionOwner(shared, TenantTest.Token))!.IsAmbiguous);
        Assert.Null(await operators.FindSessionOwner("sess-nobody", TenantTest.Token));
    }

    [Theory]
    [InlineData("")]
    [InlineData("not base64url!")]
    [InlineData("AAAA")]
    [InlineData("游标")]
    public async Task An_unreadable_cursor_is_a_problem_of_the_field_cursor(string cursor)
    {
        var directory = _silo.Directory(TenantId.Default);

        foreach (var problem in new[]
        {
            (await directory.ListSessions(10, cursor, TenantTest.Token)).Problem,
            (await directory.ListTenants(10, cursor, TenantTest.Token)).Problem,
            (await directory.ListApiKeys("default", 10, cursor, TenantTest.Token)).Problem,
            (await directory.ListActiveSessions(null, 10, cursor, TenantTest.Token)).Problem,
        })
        {
            Assert.Equal((Abstractions.Errors.ErrorCode.InvalidRequest, 400, "cursor"), (problem!.Code, problem.Status, problem.Field));
        }
    }

    [Fact]
    public async Task A_cursor_of_another_list_is_unreadable()
    {
        await _silo.CreateTenantAsync();
        var directory = _silo.Directory(TenantId.Default);
        var cursor = (await directory.ListTenants(1, null, TenantTest.Token)).NextCursor;
        Assert.NotNull(cursor);

        Assert.NotNull((await directory.ListSessions(10, cursor, TenantTest.Token)).Problem);
    }

    [Fact]
    public async Task A_row_that_a_crash_left_without_its_tenant_is_not_shown_and_goes()
    {
        var orphan = new TenantInfo($"t-{Guid.NewGuid():n}", "Never made", _silo.Time.GetUtcNow());
        await Index.AddTenantAsync(orphan, TenantTest.Token);

        var listed = await AllTenantsAsync();

        Assert.DoesNotContain(listed, tenant => tenant.TenantId == orphan.TenantId);
        Assert.Contains(listed, tenant => tenant.TenantId == "default");
        Assert.DoesNotContain(await Index.ListTenantsAsync(null, 10_000, TenantTest.Token), row => row.TenantId == orphan.TenantId);
    }

    [Fact]
    public async Task Keys_are_listed_expired_ones_too_and_rows_without_a_key_go()
    {
        var tenant = await _silo.CreateTenantAsync();
        var expired = _silo.KeyInfo(tenant, _silo.Time.GetUtcNow().AddSeconds(1));
        await _silo.ApiKey(ApiKeySecret.Generate()).Create(expired, TenantTest.Token);
        await Index.AddApiKeyAsync(_silo.KeyInfo(tenant), ApiKeySecret.Hash("never made"), TenantTest.Token);
        _silo.Time.Advance(TimeSpan.FromSeconds(2));

        var page = await _silo.Directory(TenantId.Default).ListApiKeys(tenant.Value, 10, null, TenantTest.Token);

        Assert.Equal(expired.KeyId, Assert.Single(page.Keys).KeyId);
        Assert.Single(await Index.ListApiKeysAsync(tenant, null, 10, TenantTest.Token));
    }

    [Fact]
    public async Task The_operators_lists_are_only_in_the_operators_directory()
    {
        var directory = _silo.Directory(await _silo.CreateTenantAsync());

        await Assert.ThrowsAsync<TenantMismatchException>(() => directory.ListTenants(10, null, TenantTest.Token));
        await Assert.ThrowsAsync<TenantMismatchException>(() => directory.ListApiKeys("default", 10, null, TenantTest.Token));
        await Assert.ThrowsAsync<TenantMismatchException>(() => directory.FindApiKeyHash("key-1", TenantTest.Token));
        await Assert.ThrowsAsync<TenantMismatchException>(() => directory.ListActiveSessions(null, 10, null, TenantTest.Token));
        await Assert.ThrowsAsync<TenantMismatchException>(() => directory.FindSessionOwner("sess-1", TenantTest.Token));
    }

    [Fact]
    public async Task A_key_is_found_by_its_id()
    {
        var secret = ApiKeySecret.Generate();
        var info = _silo.KeyInfo(TenantId.Default);
        await _silo.ApiKey(secret).Create(info, TenantTest.Token);

        Assert.Equal(ApiKeySecret.Hash(secret), await _silo.Directory(TenantId.Default).FindApiKeyHash(info.KeyId, TenantTest.Token));
        Assert.Null(await _silo.Directory(TenantId.Default).FindApiKeyHash("key-none", TenantTest.Token));
    }

    private async Task<List<TenantInfo>> AllTenantsAsync()
    {
        var tenants = new List<TenantInfo>();
        string? cursor = null;
        do
        {
            var page = await _silo.Directory(TenantId.Default).ListTenants(200, cursor, TenantTest.Token);
            tenants.AddRange(page.Tenants);
            cursor = page.NextCursor;
        }
        while (cursor is not null);
        return tenants;
    }
}
