using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Approvals;
using OpenClaw.Grains.State;
using OpenClaw.Grains.Tenants.Removal;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Grains.Tenants;

/// <summary>One tenant. Its row in the list goes in before its state and comes out after it.</summary>
[GrainType("tenant")]
internal sealed partial class TenantGrain(
    [PersistentState(StateNames.Tenant, StateStorage.Provider)] IPersistentState<TenantState> state,
    ITenantIndex index,
    ITenantDeletions deletions,
    TenantSweep sweep,
    TimeProvider time,
    IOptions<LimitOptions> defaults,
    ILogger<TenantGrain> logger) : Grain, ITenantGrain, ITenantRecord
{
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
            return InfoOrNull() == tenant;
        if (IsDeletionUnfinished())
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
        {
            var now = time.GetUtcNow();
            // The mark first: without it a crash would leave a deletion that nobody finds.
            await deletions.BeginAsync(Tenant, now, CancellationToken.None);
            await WriteAsync(_current with { DeletedAt = now });
            LogDeleted(Tenant.Value);
        }
        else if (!IsDeletionUnfinished())
        {
            return false;
        }

        await ContinueRemovalAsync();
        return true;
    }

    public Task<bool> IsBeingRemoved(CancellationToken cancellationToken) => Task.FromResult(IsDeletionUnfinished());

    public Task<TenantLimits?> GetLimits(CancellationToken cancellationToken) =>
        Task.FromResult(_current.Exists()
            ? (_current.Limits?.ToLimits() ?? _defaults) with { ToolPolicy = _current.ToolPolicy is { } rules ? ToolRuleState.ToPolicy(rules) : null }
            : null);

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

    public async Task<bool> SetToolPolicy(ToolPolicy policy, CancellationToken cancellationToken)
    {
        if (!_current.Exists())
            return false;
        await WriteAsync(_current with { ToolPolicy = ToolRuleState.Of(policy) });
        return true;
    }

    public async Task<TenantInfo?> Confirm(CancellationToken cancellationToken)
    {
        if (_current.Exists())
            return InfoOrNull();
        if (IsDeletionUnfinished())
            await ContinueRemovalAsync();
        else
            await index.RemoveTenantAsync(Tenant, CancellationToken.None);
        return null;
    }

    public async Task<DateTimeOffset?> FindDeletion(CancellationToken cancellationToken)
    {
        if (IsDeletionUnfinished())
            return _current.DeletedAt;
        if (_current.DeletedAt is not null)
            await CloseDeletionAsync();
        else
            await deletions.ForgetAsync(Tenant, CancellationToken.None);
        return null;
    }

    public async Task EndDeletion(CancellationToken cancellationToken)
    {
        if (!IsDeletionUnfinished())
            return;
        await WriteAsync(new TenantState { CreatedAt = _current.CreatedAt, DeletedAt = _current.DeletedAt, Swept = true });
        await CloseDeletionAsync();
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
        {
            await sweep.RunAsync(Tenant, CancellationToken.None);
            await deletions.ForgetAsync(Tenant, CancellationToken.None);
        }

        await index.AddTenantAsync(tenant, CancellationToken.None);
        await WriteAsync(new TenantState { Name = tenant.Name, CreatedAt = tenant.CreatedAt, BootstrapKeyHash = bootstrapKeyHash });
    }

    private bool IsDeletionUnfinished() => _current is { DeletedAt: not null, Swept: false };

    private async Task CloseDeletionAsync()
    {
        await index.RemoveTenantAsync(Tenant, CancellationToken.None);
        await deletions.EndAsync(Tenant, time.GetUtcNow(), CancellationToken.None);
    }

    private async Task ContinueRemovalAsync()
    {
        try
        {
            await GrainFactory.GetGrain<ITenantRemovalGrain>(this.GetPrimaryKeyString()).Continue(CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The watch calls it again.
            LogRemovalNotStarted(exception, Tenant.Value);
        }
    }

    private TenantInfo? InfoOrNull() =>
        _current.Exists() ? new TenantInfo(Tenant.Value, _current.Name, _current.CreatedAt!.Value) : null;

    private async Task WriteAsync(TenantState next)
    {
        await state.WriteAsync(next, this);
        _current = next;
    }

    [LoggerMessage(4011, LogLevel.Warning, "The removal of the deleted tenant {Tenant} could not be started; it starts by itself within a minute")]
    private partial void LogRemovalNotStarted(Exception exception, string tenant);

    [LoggerMessage(4010, LogLevel.Information, "The tenant {Tenant} was deleted")]
    private partial void LogDeleted(string tenant);
}
