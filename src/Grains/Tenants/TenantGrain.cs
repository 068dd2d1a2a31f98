using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.State;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Grains.Tenants;

/// <summary>One tenant. Its row in the list goes in before its state and comes out after it.</summary>
[GrainType("tenant")]
internal sealed partial class TenantGrain(
    [PersistentState(StateNames.Tenant, StateStorage.Provider)] IPersistentState<TenantState> state,
    ITenantIndex index,
    ISessionLog sessions,
    TimeProvider time,
    IOptions<LimitOptions> defaults,
    ILogger<TenantGrain> logger) : Grain, ITenantGrain, ITenantRecord
{
    private const int PageSize = 200;

    /// <summary>
    /// A front-end believes a key for half a second: requests that it let in meanwhile may have written after the tenant
    /// was swept.
    /// </summary>
    private static readonly TimeSpan SecondSweepDelay = TimeSpan.FromSeconds(5);

    private readonly TenantLimits _defaults = defaults.Value.ToLimits();

    /// <summary>What is durable. Reads interleave with writes, and must not see what may yet fail.</summary>
    private TenantState _current = new();

    private TenantId Tenant => TenantKey.Parse(this.GetPrimaryKeyString()).Tenant;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _current = state.State;
        return Task.CompletedTask;
    }

    public async Task<bool> Create(TenantInfo tenant, CancellationToken cancellationToken)
    {
        if (_current.Exists())
            return false;
        await CreateAsync(tenant, bootstrapKeyHash: null);
        return true;
    }

    public Task<TenantInfo?> Get(CancellationToken cancellationToken) => Task.FromResult(InfoOrNull());

    public async Task<bool> Delete(CancellationToken cancellationToken)
    {
        if (Tenant == TenantId.Default)
            throw new InvalidOperationException("The tenant 'default' cannot be deleted: its admin keys are the way in.");
        if (_current.Exists())
            await WriteAsync(_current with { DeletedAt = time.GetUtcNow() });
        else if (!IsDeletionUnfinished())
            return false;
        await FinishDeletionAsync();
        return true;
    }

    public Task<TenantLimits?> GetLimits(CancellationToken cancellationToken) =>
        Task.FromResult(_current.Exists() ? _current.Limits?.ToLimits() ?? _defaults : null);

    public async Task<bool> SetLimits(TenantLimits limits, CancellationToken cancellationToken)
    {
        if (LimitRules.FindViolation(limits) is { } violation)
            throw new ArgumentOutOfRangeException(nameof(limits), $"{violation.Name} must be {violation.Range}.");
        if (!_current.Exists())
            return false;
        await WriteAsync(_current with { Limits = TenantLimitsState.Of(limits) });
        // They would find out within a second; the operator who raises a limit is waiting now.
        await Task.WhenAll(Enum.GetValues<RateLimitClass>().Select(limited =>
            GrainFactory.GetRateLimit(new RateLimitKey(Tenant, limited)).Refresh()));
        return true;
    }

    public async Task<TenantInfo?> Confirm(CancellationToken cancellationToken)
    {
        if (_current.Exists())
            return InfoOrNull();
        if (IsDeletionUnfinished())
            await FinishDeletionAsync();
        else
            await index.RemoveTenantAsync(Tenant, CancellationToken.None);
        return null;
    }

    public Task<TenantBootstrapOutcome?> FindBootstrap(CancellationToken cancellationToken) =>
        Task.FromResult(_current.Exists() ? new TenantBootstrapOutcome(false, _current.BootstrapKeyHash) : null);

    public async Task<TenantBootstrapOutcome> Bootstrap(TenantInfo tenant, ApiKeyInfo key, string hash, CancellationToken cancellationToken)
    {
        if (_current.Exists())
            return new TenantBootstrapOutcome(false, _current.BootstrapKeyHash);
        // The key first: a tenant without one could never be entered, a key without a tenant opens nothing.
        await GrainFactory.GetApiKey(new ApiKeyGrainKey(hash)).Create(key, CancellationToken.None);
        await CreateAsync(tenant, hash);
        return new TenantBootstrapOutcome(true, hash);
    }

    public async Task<bool> ReplaceBootstrapKey(ApiKeyInfo key, string hash, CancellationToken cancellationToken)
    {
        if (!_current.Exists() || !await GrainFactory.GetGrain<IApiKeyRecord>(new ApiKeyGrainKey(hash).ToString()).Adopt(key, CancellationToken.None))
            return false;
        // Before it is forgotten: a crash in between leaves the old one to the next start.
        if (_current.BootstrapKeyHash is { } earlier && earlier != hash)
            await GrainFactory.GetApiKey(new ApiKeyGrainKey(earlier)).Revoke(CancellationToken.None);
        await WriteAsync(_current with { BootstrapKeyHash = hash });
        return true;
    }

    private async Task CreateAsync(TenantInfo tenant, string? bootstrapKeyHash)
    {
        if (tenant.TenantId != Tenant.Value)
            throw new ArgumentException($"The tenant '{tenant.TenantId}' was sent to the grain of '{Tenant}'.", nameof(tenant));
        // What was written in the name of a deleted tenant with this id is not the new one's.
        if (_current.DeletedAt is not null)
            await SweepAsync();
        await index.AddTenantAsync(tenant, CancellationToken.None);
        await WriteAsync(new TenantState { Name = tenant.Name, CreatedAt = tenant.CreatedAt, BootstrapKeyHash = bootstrapKeyHash });
    }

    private bool IsDeletionUnfinished() => _current is { DeletedAt: not null, Swept: false };

    private async Task FinishDeletionAsync()
    {
        await SweepAsync();
        await WriteAsync(_current with { Swept = true });
        await index.RemoveTenantAsync(Tenant, CancellationToken.None);
        this.RegisterGrainTimer(SweepAgainAsync, new GrainTimerCreationOptions(SecondSweepDelay, Timeout.InfiniteTimeSpan) { KeepAlive = true });
        LogDeleted(Tenant.Value);
    }

    private Task SweepAgainAsync() => _current.DeletedAt is null ? Task.CompletedTask : SweepAsync();

    /// <summary>Removes what the tenant has left. May be repeated.</summary>
    private async Task SweepAsync()
    {
        var tenant = Tenant;
        IndexPosition? after = null;
        IReadOnlyList<ApiKeyRow> keys;
        do
        {
            keys = await index.ListApiKeysAsync(tenant, after, PageSize, CancellationToken.None);
            foreach (var (key, hash) in keys)
            {
                await GrainFactory.GetApiKey(new ApiKeyGrainKey(hash)).Revoke(CancellationToken.None);
                await index.RemoveApiKeyAsync(key.KeyId, CancellationToken.None);
                after = new IndexPosition(key.CreatedAt, key.KeyId);
            }
        }
        while (keys.Count == PageSize);

        await sessions.DeleteTenantAsync(tenant, CancellationToken.None);
        await index.RemoveTenantDataAsync(tenant, CancellationToken.None);
    }

    private TenantInfo? InfoOrNull() =>
        _current.Exists() ? new TenantInfo(Tenant.Value, _current.Name, _current.CreatedAt!.Value) : null;

    private async Task WriteAsync(TenantState next)
    {
        state.State = next;
        try
        {
            await state.WriteStateAsync(CancellationToken.None);
        }
        catch
        {
            // It may have been written all the same: the next call reads anew.
            DeactivateOnIdle();
            throw;
        }

        _current = next;
    }

    [LoggerMessage(4010, LogLevel.Information, "The tenant {Tenant} was deleted")]
    private partial void LogDeleted(string tenant);
}
