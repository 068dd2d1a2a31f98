using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Tenants.Removal;

/// <summary>Sessions: those whose turn runs first, through their grains, which end the turn; then the rows of all.</summary>
internal sealed class TenantSessions(ISessionLog log, IGrainFactory grains) : ITenantDataOwner
{
    private const int RunningAtOnce = 32;

    public async Task<bool> RemoveSomeAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var running = await log.ListRunningAsync(tenant, RunningAtOnce, cancellationToken);
        if (running.Count == 0)
            return await log.DeleteSomeAsync(tenant, cancellationToken);
        await Task.WhenAll(running.Select(key => grains.GetSession(key).Delete(cancellationToken)));
        return true;
    }
}
