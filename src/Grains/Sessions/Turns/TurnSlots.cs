using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Scheduling;
using OpenClaw.Grains.Tenants;

namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>
/// The turns of a tenant that run at once in this silo: its <c>concurrentTurns</c>, divided among the active silos and rounded
/// up. Further ones wait, first come first served.
/// </summary>
internal sealed class TurnSlots(FairQueues queues, TenantLimitsCache limits, ISiloStatusOracle silos, TimeProvider time)
{
    /// <summary>A raised limit lets waiting turns go on after this long at most.</summary>
    private static readonly TimeSpan RefreshPeriod = TimeSpan.FromMilliseconds(400);

    private readonly FairQueue _queue = queues.Create("turns", int.MaxValue);
    private volatile SiloCount _silos = new(1, null);
    private int _refreshing;

    /// <summary>A slot for one turn, held to its end.</summary>
    /// <param name="tenant">Whose turn it is.</param>
    /// <param name="onWaiting">Called when it has to wait, before it does.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async ValueTask<FairSlot> AcquireAsync(TenantId tenant, Func<ValueTask> onWaiting, CancellationToken cancellationToken)
    {
        var cap = ShareOf(await limits.GetAsync(tenant));
        if (_queue.TryAcquire(tenant, out var slot, cap)) return slot;
        await onWaiting();
        var waiting = _queue.AcquireAsync(tenant, cancellationToken, cap);
        if (Interlocked.Exchange(ref _refreshing, 1) == 0) _ = Task.Run(RefreshAsync, CancellationToken.None);
        return await waiting;
    }

    private async Task RefreshAsync()
    {
        do
        {
            while (_queue.Waiting > 0)
            {
                await Task.Delay(RefreshPeriod, time);
                foreach (var tenant in _queue.WaitingTenants()) _queue.SetCap(tenant, ShareOf(await limits.GetAsync(tenant)));
            }

            Volatile.Write(ref _refreshing, 0);
            // One that came in between found somebody refreshing.
        }
        while (_queue.Waiting > 0 && Interlocked.Exchange(ref _refreshing, 1) == 0);
    }

    private int ShareOf(TenantLimits limits)
    {
        var count = CountSilos();
        return (limits.ConcurrentTurns + count - 1) / count;
    }

    private int CountSilos()
    {
        var known = _silos;
        if (known.At is { } at && time.GetElapsedTime(at) < RefreshPeriod) return known.Count;
        var count = Math.Max(1, silos.GetApproximateSiloStatuses(onlyActive: true).Count);
        _silos = new SiloCount(count, time.GetTimestamp());
        return count;
    }

    private sealed record SiloCount(int Count, long? At);
}
