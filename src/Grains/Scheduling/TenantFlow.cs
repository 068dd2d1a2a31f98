using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Scheduling;

/// <summary>What one tenant holds of a <see cref="FairQueue"/> and wants of it. Changed under the queue's lock.</summary>
internal sealed class TenantFlow(TenantId tenant, int weight)
{
    /// <summary>Fewest held for the weight, then the earliest start, then the longest wait.</summary>
    public static readonly IComparer<TenantFlow> NextFirst = Comparer<TenantFlow>.Create(static (left, right) =>
    {
        var order = ((long)left.Held * right.Weight).CompareTo((long)right.Held * left.Weight);
        if (order == 0) order = left.Finish.CompareTo(right.Finish);
        return order != 0 ? order : left.Arrival.CompareTo(right.Arrival);
    });

    public TenantId Tenant { get; } = tenant;

    public int Weight { get; } = weight;

    /// <summary>The most it may hold.</summary>
    public int Cap { get; set; } = int.MaxValue;

    /// <summary>Slots that it holds.</summary>
    public int Held { get; set; }

    /// <summary>Slots that it holds and <see cref="Finish"/> does not know of: they were granted while nobody waited.</summary>
    public int Uncharged { get; set; }

    /// <summary>The time of waiting, as a running number, for which <see cref="Uncharged"/> counts.</summary>
    public long Contention { get; set; } = -1;

    /// <summary>Virtual time at which what it got is paid; while it waits, the start tag of its next request.</summary>
    public long Finish { get; set; }

    /// <summary>When it began to wait, as a running number; no two tenants share one.</summary>
    public long Arrival { get; set; }

    /// <summary>It stands among the idle tenants that are remembered.</summary>
    public bool IsRemembered { get; set; }

    public LinkedList<SlotWaiter> Waiters { get; } = [];

    public bool MayHaveMore => Held < Cap;

    public bool IsIdle => Held == 0 && Waiters.Count == 0;
}
