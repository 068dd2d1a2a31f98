using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Grains.Scheduling;

/// <summary>
/// Slots of something scarce, shared between tenants. A free slot goes to whoever asks; where tenants wait, the next one
/// goes to the tenant that holds the fewest for its weight, and among equals by start-time fair queueing, first come first
/// served within a tenant. So however many requests one tenant has waiting, another's single one gets the next free slot.
/// </summary>
/// <remarks>
/// The slots held come first because slots are not held equally long: counting grants alone, a tenant of long calls would
/// end up with nearly all of them. Tags are kept only while somebody waits, so an uncontended grant is a look-up under a
/// lock that is held for nanoseconds. Safe for any thread. See <c>docs/decisions/0020-fair-queue.md</c>.
/// </remarks>
internal sealed class FairQueue
{
    public const int MaxWeight = 1000;

    /// <summary>What a grant costs a tenant of weight 1 in virtual time.</summary>
    private const long Cost = 1_000_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<TenantId, TenantFlow> _flows = [];

    /// <summary>Tenants that wait and may have one more, the next first.</summary>
    private readonly SortedSet<TenantFlow> _ready = new(TenantFlow.NextFirst);

    /// <summary>Tenants that hold and want nothing, remembered until virtual time has caught up with them.</summary>
    private readonly Queue<TenantFlow> _idle = new();

    private readonly Func<TenantId, int> _weightOf;
    private readonly TimeProvider _time;
    private readonly KeyValuePair<string, object?> _tag;
    private int _free;
    private int _waiting;
    private long _arrivals;
    private long _contention;
    private long _virtualTime;
    private long _latestFinish;

    /// <param name="name">The queue's name in metrics.</param>
    /// <param name="slots">At most so many are held at once.</param>
    /// <param name="weightOf">A tenant's weight, 1 to <see cref="MaxWeight"/>.</param>
    /// <param name="time">The clock of the metrics.</param>
    public FairQueue(string name, int slots, Func<TenantId, int> weightOf, TimeProvider time)
    {
        _free = slots;
        _weightOf = weightOf;
        _time = time;
        _tag = new("queue", name);
    }

    /// <summary>Requests that wait now.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Tenants that are remembered: those that hold or want a slot, and few others.</summary>
    public int Tenants
    {
        get
        {
            lock (_lock) return _flows.Count;
        }
    }

    /// <summary>A slot if there is one for the tenant right now.</summary>
    /// <param name="tenant">Who asks.</param>
    /// <param name="slot">To be disposed once when it was granted.</param>
    /// <param name="cap">The most that the tenant may hold; in force for its other requests too.</param>
    public bool TryAcquire(TenantId tenant, out FairSlot slot, int cap = int.MaxValue)
    {
        lock (_lock)
        {
            var flow = FlowOf(tenant, cap);
            if (TryTake(flow))
            {
                slot = new FairSlot(this, flow);
                return true;
            }

            Forget(flow);
            slot = default;
            return false;
        }
    }

    /// <summary>A slot as soon as it is the tenant's turn. A request that is cancelled leaves no trace.</summary>
    /// <inheritdoc cref="TryAcquire" path="/param"/>
    public Task<FairSlot> AcquireAsync(TenantId tenant, CancellationToken cancellationToken, int cap = int.MaxValue)
    {
        lock (_lock)
        {
            var flow = FlowOf(tenant, cap);
            if (TryTake(flow)) return Task.FromResult(new FairSlot(this, flow));

            var waiter = new SlotWaiter(this, flow, _time.GetTimestamp(), cancellationToken);
            if (flow.Waiters.Count == 0)
            {
                flow.Arrival = _arrivals++;
                // What it holds from a time when nobody waited cost nothing until now.
                if (flow.Contention != _contention) (flow.Contention, flow.Uncharged) = (_contention, flow.Held);
                flow.Finish = Math.Max(_virtualTime, flow.Finish) + (flow.Uncharged * CostOf(flow));
                flow.Uncharged = 0;
                _latestFinish = Math.Max(_latestFinish, flow.Finish);
            }

            waiter.Node = flow.Waiters.AddLast(waiter);
            Count(+1);
            if (flow is { Waiters.Count: 1, MayHaveMore: true }) _ready.Add(flow);
            // Calls back at once when it is cancelled already; the lock may be entered again by its owner.
            waiter.Registration = cancellationToken.UnsafeRegister(static state => ((SlotWaiter)state!).Cancel(), waiter);
            return waiter.Granted;
        }
    }

    /// <summary>Changes the most that a tenant may hold, for requests that wait already.</summary>
    public void SetCap(TenantId tenant, int cap)
    {
        lock (_lock)
        {
            if (!_flows.TryGetValue(tenant, out var flow) || flow.Cap == cap) return;
            _ready.Remove(flow);
            flow.Cap = cap;
            if (flow is { Waiters.Count: > 0, MayHaveMore: true }) _ready.Add(flow);
            Dispatch();
        }
    }

    /// <summary>The tenants whose requests wait.</summary>
    public IReadOnlyList<TenantId> WaitingTenants()
    {
        lock (_lock) return [.. _flows.Values.Where(flow => flow.Waiters.Count > 0).Select(flow => flow.Tenant)];
    }

    internal void Release(TenantFlow flow)
    {
        lock (_lock)
        {
            _free++;
            _ready.Remove(flow);
            flow.Held--;
            flow.Uncharged = Math.Min(flow.Uncharged, flow.Held);
            // Passed over for the slots it held, it has gathered no claim to several in a row.
            if (flow.Waiters.Count > 0) flow.Finish = Math.Max(flow.Finish, _virtualTime);
            if (flow is { Waiters.Count: > 0, MayHaveMore: true }) _ready.Add(flow);
            Dispatch();
            Forget(flow);
        }
    }

    internal bool Remove(SlotWaiter waiter)
    {
        lock (_lock)
        {
            if (waiter.Node.List is null) return false;
            var flow = waiter.Flow;
            flow.Waiters.Remove(waiter.Node);
            Count(-1);
            if (flow.Waiters.Count == 0) _ready.Remove(flow);
            EndContention();
            Forget(flow);
            return true;
        }
    }

    private bool TryTake(TenantFlow flow)
    {
        if (_free == 0 || flow.Waiters.Count > 0 || !flow.MayHaveMore) return false;
        _free--;
        flow.Held++;
        flow.Uncharged++;
        return true;
    }

    private void Dispatch()
    {
        while (_free > 0 && _ready.Min is { } flow)
        {
            _ready.Remove(flow);
            var waiter = flow.Waiters.First!.Value;
            flow.Waiters.RemoveFirst();
            Count(-1);
            _free--;
            flow.Held++;
            _virtualTime = Math.Max(_virtualTime, flow.Finish);
            flow.Finish += CostOf(flow);
            _latestFinish = Math.Max(_latestFinish, flow.Finish);
            if (flow is { Waiters.Count: > 0, MayHaveMore: true }) _ready.Add(flow);
            QueueMetrics.Wait.Record(_time.GetElapsedTime(waiter.Since).TotalSeconds, _tag);
            waiter.Grant(new FairSlot(this, flow));
        }

        EndContention();
    }

    /// <summary>Nobody waits: whoever is ahead of his share has harmed nobody, and starts anew.</summary>
    private void EndContention()
    {
        if (_waiting == 0) (_virtualTime, _contention) = (_latestFinish, _contention + 1);
        while (_idle.TryPeek(out var flow) && (!flow.IsIdle || flow.Finish <= _virtualTime))
        {
            _idle.Dequeue();
            flow.IsRemembered = false;
            Forget(flow);
        }
    }

    private TenantFlow FlowOf(TenantId tenant, int cap)
    {
        if (!_flows.TryGetValue(tenant, out var flow))
            _flows.Add(tenant, flow = new TenantFlow(tenant, Math.Clamp(_weightOf(tenant), 1, MaxWeight)));
        if (flow.Cap != cap)
        {
            _ready.Remove(flow);
            flow.Cap = cap;
            if (flow is { Waiters.Count: > 0, MayHaveMore: true }) _ready.Add(flow);
        }

        return flow;
    }

    private void Forget(TenantFlow flow)
    {
        if (!flow.IsIdle) return;
        if (flow.Finish <= _virtualTime)
        {
            if (!flow.IsRemembered) _flows.Remove(flow.Tenant);
        }
        else if (!flow.IsRemembered)
        {
            flow.IsRemembered = true;
            _idle.Enqueue(flow);
        }
    }

    private void Count(int change)
    {
        Volatile.Write(ref _waiting, _waiting + change);
        QueueMetrics.Waiting.Add(change, _tag);
    }

    private static long CostOf(TenantFlow flow) => Cost / flow.Weight;
}
