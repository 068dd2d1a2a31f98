using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tenants;
using OpenClaw.Grains.Tenants.Removal;
using OpenClaw.Grains.Tests.Cluster;
using OpenClaw.Storage.Idempotency;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Grains.Tests.Tenants;

/// <summary>What becomes of a deleted tenant: its doors close at once, and all that it had goes, whatever comes between.</summary>
public sealed class TenantRemovalTests : IAsyncLifetime
{
    private readonly TestDirectory _directory = new();
    private SignallingClock _time = null!;
    private TestSilo _silo = null!;
    private GatedOwner _gate = new();

    private ISessionLog Log => _silo.Services.GetRequiredService<ISessionLog>();

    private ITenantDeletions Deletions => _silo.Services.GetRequiredService<ITenantDeletions>();

    public async ValueTask InitializeAsync() => await StartAsync();

    public async ValueTask DisposeAsync()
    {
        _gate.Open();
        await _silo.DisposeAsync();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_deleted_tenant_leaves_nothing()
    {
        var (tenant, secret) = await FurnishAsync();
        _gate.Open();

        Assert.True(await _silo.Tenant(tenant).Delete(TenantTest.Token));
        await RemovedAsync(tenant);

        Assert.Null(await _silo.ApiKey(secret).Authenticate(TenantTest.Token));
        Assert.Null(await _silo.Tenant(tenant).Get(TenantTest.Token));
        Assert.Null(await _silo.Tenant(tenant).GetLimits(TenantTest.Token));
        Assert.Empty(await Log.ListAsync(tenant, null, 10, TenantTest.Token));
        Assert.Null(await _silo.Services.GetRequiredService<IIdempotencyStore>().FindAsync(tenant, "POST /", "k", TenantTest.Token));
        Assert.Empty((await _silo.Directory(TenantId.Default).ListApiKeys(tenant.Value, 10, null, TenantTest.Token)).Keys);
        Assert.DoesNotContain(
            await _silo.Services.GetRequiredService<ITenantIndex>().ListTenantsAsync(null, 100, TenantTest.Token), row => row.TenantId == tenant.Value);
        Assert.False(await _silo.Tenant(tenant).Delete(TenantTest.Token));
        Assert.Equal([tenant], _gate.Removed.Distinct());
    }

    [Fact]
    public async Task The_deletion_answers_and_closes_the_doors_while_the_removal_has_not_begun()
    {
        var (tenant, secret) = await FurnishAsync();

        Assert.True(await _silo.Tenant(tenant).Delete(TenantTest.Token));

        await _gate.ReachedAsync();
        Assert.Null(await _silo.ApiKey(secret).Authenticate(TenantTest.Token));
        Assert.Null(await _silo.Tenant(tenant).Get(TenantTest.Token));
        Assert.DoesNotContain(
            (await _silo.Directory(TenantId.Default).ListTenants(100, null, TenantTest.Token)).Tenants, listed => listed.TenantId == tenant.Value);
        Assert.False(await Log.CreateAsync(_silo.Session(tenant, "sess-late"), TenantTest.Token));
        Assert.True(await _silo.Tenant(tenant).Delete(TenantTest.Token));
    }

    [Fact]
    public async Task An_id_is_not_given_again_until_the_removal_has_ended()
    {
        var (tenant, secret) = await FurnishAsync();
        await _silo.Tenant(tenant).Delete(TenantTest.Token);
        await _gate.ReachedAsync();

        Assert.False(await _silo.Tenant(tenant).Create(Anew(tenant), TenantTest.Token));
        Assert.True(await _silo.Tenant(tenant).IsBeingRemoved(TenantTest.Token));

        _gate.Open();
        await RemovedAsync(tenant);
        Assert.False(await _silo.Tenant(tenant).IsBeingRemoved(TenantTest.Token));
        Assert.True(await _silo.Tenant(tenant).Create(Anew(tenant), TenantTest.Token));
        Assert.Equal("Anew", (await _silo.Tenant(tenant).Get(TenantTest.Token))!.Name);
        Assert.Equal(100, (await _silo.Tenant(tenant).GetLimits(TenantTest.Token))!.MessagesPerMinute);
        Assert.Null(await _silo.ApiKey(secret).Authenticate(TenantTest.Token));
        Assert.True(await Log.CreateAsync(_silo.Session(tenant, "sess-new"), TenantTest.Token));
        Assert.Empty(await Deletions.ListUnfinishedAsync(10, TenantTest.Token));
    }

    [Fact]
    public async Task A_key_that_was_made_behind_the_first_sweep_goes_with_the_second()
    {
        var (tenant, _) = await FurnishAsync();
        _gate.Open();
        await _silo.Tenant(tenant).Delete(TenantTest.Token);
        await _gate.PassedAsync();
        var secret = ApiKeySecret.Generate();
        await _silo.ApiKey(secret).Create(_silo.KeyInfo(tenant), TenantTest.Token);

        await RemovedAsync(tenant);

        Assert.Empty((await _silo.Directory(TenantId.Default).ListApiKeys(tenant.Value, 10, null, TenantTest.Token)).Keys);
    }

    [Fact]
    public async Task A_removal_that_a_crash_cut_short_goes_on_at_the_next_start()
    {
        var (tenant, secret) = await FurnishAsync();
        await _silo.Tenant(tenant).Delete(TenantTest.Token);
        await _gate.ReachedAsync();
        await _silo.KillAsync();
        _gate.Open();
        await _silo.DisposeAsync();

        await StartAsync();
        Assert.Null(await _silo.ApiKey(secret).Authenticate(TenantTest.Token));
        await _gate.ReachedAsync();
        _gate.Open();
        await RemovedAsync(tenant);

        Assert.Empty(await Log.ListAsync(tenant, null, 10, TenantTest.Token));
        Assert.Contains(tenant, _gate.Removed);
    }

    [Fact]
    public async Task A_removal_that_failed_is_tried_again_by_the_watch()
    {
        var (tenant, _) = await FurnishAsync();
        _gate.Fail();
        await _silo.Tenant(tenant).Delete(TenantTest.Token);
        await _gate.FailedAsync();

        _time.Advance(TenantRemovalWatch.Interval);
        await RemovedAsync(tenant);

        Assert.Empty(await Log.ListAsync(tenant, null, 10, TenantTest.Token));
    }

    /// <summary>The mark is set before the state: a crash in between leaves a tenant that was not deleted.</summary>
    [Fact]
    public async Task A_mark_without_a_deletion_is_taken_away()
    {
        var (tenant, secret) = await FurnishAsync();
        await Deletions.BeginAsync(tenant, _time.GetUtcNow(), TenantTest.Token);

        Assert.Null(await Record(tenant).FindDeletion(TenantTest.Token));

        Assert.Empty(await Deletions.ListUnfinishedAsync(10, TenantTest.Token));
        Assert.NotNull(await _silo.ApiKey(secret).Authenticate(TenantTest.Token));
        Assert.Single(await Log.ListAsync(tenant, null, 10, TenantTest.Token));
    }

    [Fact]
    public async Task A_removal_that_was_asked_for_a_living_tenant_removes_nothing()
    {
        var (tenant, _) = await FurnishAsync();
        _gate.Open();

        await _silo.Grains.GetGrain<ITenantRemovalGrain>(new TenantKey(tenant).ToString()).Continue(TenantTest.Token);
        await Record(tenant).FindDeletion(TenantTest.Token);

        Assert.Empty(_gate.Removed);
        Assert.Single(await Log.ListAsync(tenant, null, 10, TenantTest.Token));
    }

    private static TenantInfo Anew(TenantId tenant) => new(tenant.Value, "Anew", DateTimeOffset.UnixEpoch);

    /// <summary>A start, with a clock of its own: what is left of a killed silo must not hold up the next one's.</summary>
    private async Task StartAsync()
    {
        _time = new SignallingClock(new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero));
        _gate = new GatedOwner();
        _silo = await TestSilo.StartAsync(_directory.Path, _time, services => services.AddSingleton<ITenantDataOwner>(_gate));
    }

    private ITenantRecord Record(TenantId tenant) => _silo.Grains.GetGrain<ITenantRecord>(new TenantKey(tenant).ToString());

    /// <summary>A tenant with one of everything.</summary>
    private async Task<(TenantId Tenant, string Secret)> FurnishAsync()
    {
        var tenant = await _silo.CreateTenantAsync();
        var secret = await _silo.CreateKeyAsync(tenant);
        await _silo.Tenant(tenant).SetLimits(TenantTest.Limits(messages: 7), TenantTest.Token);
        await Log.CreateAsync(_silo.Session(tenant, "sess-1"), TenantTest.Token);
        await _silo.Services.GetRequiredService<IIdempotencyStore>().TryInsertAsync(
            new IdempotencyState { Tenant = tenant.Value, Scope = "POST /", Key = "k", Fingerprint = "f", ExpiresAt = _time.GetUtcNow().AddDays(1) },
            Guid.NewGuid(),
            TenantTest.Token);
        return (tenant, secret);
    }

    /// <summary>Lets the clock run until the removal has ended.</summary>
    private async Task RemovedAsync(TenantId tenant)
    {
        while (await _silo.Tenant(tenant).IsBeingRemoved(TenantTest.Token))
            _time.Advance(TimeSpan.FromSeconds(1));
        // The row and the mark go after the state.
        await Record(tenant).FindDeletion(TenantTest.Token);
    }

    /// <summary>The last owner of a silo: it waits for the test.</summary>
    private sealed class GatedOwner : ITenantDataOwner
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _passed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile bool _fails;

        public List<TenantId> Removed { get; } = [];

        public Task ReachedAsync() => _reached.Task.WaitAsync(TimeSpan.FromSeconds(30), TenantTest.Token);

        /// <summary>Completes when the first sweep has nothing left to do.</summary>
        public Task PassedAsync() => _passed.Task.WaitAsync(TimeSpan.FromSeconds(30), TenantTest.Token);

        public Task FailedAsync() => _failed.Task.WaitAsync(TimeSpan.FromSeconds(30), TenantTest.Token);

        public void Open() => _open.TrySetResult();

        /// <summary>Fails the next removal and lets the others pass.</summary>
        public void Fail()
        {
            _fails = true;
            Open();
        }

        public async Task<bool> RemoveSomeAsync(TenantId tenant, CancellationToken cancellationToken)
        {
            _reached.TrySetResult();
            await _open.Task;
            if (_fails)
            {
                _fails = false;
                _failed.TrySetResult();
                throw new FaultException();
            }

            lock (Removed)
                Removed.Add(tenant);
            _passed.TrySetResult();
            return false;
        }
    }
}
