using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.WebFrontend.Streams;
using Orleans.Streams;

namespace OpenClaw.WebFrontend.Events;

/// <summary>The streams of tenants' events and of the pieces of their answers.</summary>
internal sealed class TenantStreamSource(IClusterClient client) : IStreamSource<TenantId, TenantEventBatch>
{
    public IAsyncStream<TenantEventBatch> StreamOf(TenantId key) => client.GetStreamProvider(TenantEventStreams.Provider)
        .GetStream<TenantEventBatch>(StreamId.Create(TenantEventStreams.Namespace, new TenantEventsKey(key).ToString()));

    public Task<long> RenewAsync(TenantId key) => client.GetTenantEvents(new TenantEventsKey(key)).Watch(CancellationToken.None);

    public long HeadOf(TenantEventBatch item) => item.HeadSeq;

    public int WeightOf(TenantEventBatch item) => item.Events.Count + item.Deltas.Count;

    /// <summary>A tenant's events never end: what is deleted with it is its keys, and they close its connections.</summary>
    public bool IsEnd(TenantEventBatch item) => false;
}
