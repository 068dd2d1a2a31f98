namespace OpenClaw.Grains.Scheduling;

/// <summary>A slot that is held until it is disposed, which its one holder does once. The default value is none.</summary>
internal readonly struct FairSlot(FairQueue queue, TenantFlow flow) : IDisposable
{
    public void Dispose() => queue?.Release(flow);
}
