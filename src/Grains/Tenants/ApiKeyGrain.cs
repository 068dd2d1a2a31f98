using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.State;
using OpenClaw.Grains.Tasks;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Grains.Tenants;

/// <summary>One API key. Its row in the list goes in before its state and comes out after it.</summary>
[GrainType("api-key")]
internal sealed class ApiKeyGrain(
    [PersistentState(StateNames.ApiKey, StateStorage.Provider)] IPersistentState<ApiKeyState> state,
    ITenantIndex index,
    TaskOwners tasks,
    TimeProvider time) : Grain, IApiKeyGrain, IApiKeyRecord
{
    /// <summary>What is durable; the state itself may hold what failed to be written.</summary>
    private ApiKeyState _current = new();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _current = state.State;
        return Task.CompletedTask;
    }

    public async Task<ApiKeyInfo?> Authenticate(CancellationToken cancellationToken)
    {
        if (!_current.Exists())
        {
            // Made-up keys must not fill the memory with activations.
            DeactivateOnIdle();
            return null;
        }

        if (_current.ExpiresAt <= time.GetUtcNow())
            return null;
        // A tenant that is being deleted may have thousands of keys: they all stop at once because it is gone.
        var tenant = TenantId.Parse(_current.TenantId);
        TenantContext.Set(tenant);
        var owner = await GrainFactory.GetTenant(new TenantKey(tenant)).Get(cancellationToken);
        return owner is null ? null : _current.ToInfo();
    }

    public async Task Create(ApiKeyInfo key, CancellationToken cancellationToken)
    {
        if (_current.KeyId is not null && (_current.KeyId != key.KeyId || !_current.Exists()))
            throw new InvalidOperationException("The key was made before; a key is made once, and a revoked one never again.");
        // Also when it exists: what cut the first creation short may have cost the caller its answer.
        await index.AddApiKeyAsync(key, ApiKeyGrainKey.Parse(this.GetPrimaryKeyString()).Hash, CancellationToken.None);
        await WriteAsync(ApiKeyState.Of(key));
    }

    public async Task Remove(string keyId, CancellationToken cancellationToken)
    {
        if (_current.KeyId == keyId)
        {
            // Whatever becomes of it, the next call reads anew.
            DeactivateOnIdle();
            _current = new ApiKeyState();
            await state.ClearStateAsync(CancellationToken.None);
        }

        await index.RemoveApiKeyAsync(keyId, CancellationToken.None);
    }

    public async Task<bool> Adopt(ApiKeyInfo key, CancellationToken cancellationToken)
    {
        if (_current.KeyId is not null && (_current.KeyId != key.KeyId || !_current.Exists()))
            return false;
        if (!_current.Exists())
            await Create(key, cancellationToken);
        return true;
    }

    public async Task Revoke(CancellationToken cancellationToken)
    {
        if (_current.KeyId is not { } keyId)
            return;
        if (_current.Exists())
            await WriteAsync(_current with { RevokedAt = time.GetUtcNow() });
        await index.RemoveApiKeyAsync(keyId, CancellationToken.None);
        tasks.Tell(keyId);
    }

    public async Task<ApiKeyInfo?> Confirm(string keyId, CancellationToken cancellationToken)
    {
        if (_current.Exists() && _current.KeyId == keyId)
            return _current.ToInfo();
        await index.RemoveApiKeyAsync(keyId, CancellationToken.None);
        return null;
    }

    private async Task WriteAsync(ApiKeyState next)
    {
        await state.WriteAsync(next, this);
        _current = next;
    }
}
