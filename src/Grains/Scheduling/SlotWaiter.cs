namespace OpenClaw.Grains.Scheduling;

/// <summary>A request that waits for a slot.</summary>
internal sealed class SlotWaiter(FairQueue queue, TenantFlow flow, long since, CancellationToken cancellation)
{
    private readonly TaskCompletionSource<FairSlot> _granted = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TenantFlow Flow { get; } = flow;

    /// <summary>Timestamp of its coming.</summary>
    public long Since { get; } = since;

    public LinkedListNode<SlotWaiter> Node { get; set; } = null!;

    public CancellationTokenRegistration Registration { get; set; }

    public Task<FairSlot> Granted => _granted.Task;

    public void Grant(FairSlot slot)
    {
        Registration.Unregister();
        _granted.SetResult(slot);
    }

    /// <summary>Does nothing when the slot has been granted: its holder finds out about the cancellation, and gives it back.</summary>
    public void Cancel()
    {
        if (queue.Remove(this)) _granted.TrySetCanceled(cancellation);
    }
}
