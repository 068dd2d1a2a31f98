using Microsoft.Extensions.Logging;
using OpenClaw.Grains.Abstractions.Events;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Streaming;
using Orleans.Streams;

namespace OpenClaw.Grains.Events;

/// <summary>Publishers to a tenant's stream.</summary>
internal static class TenantStreams
{
    public static StreamPublisher<TenantEvent, TenantEventBatch> PublishEvents(IGrainBase grain, TenantId tenant, TimeProvider time, ILogger logger) =>
        new(() => StreamOf(grain, tenant), static events => new TenantEventBatch { Events = events, HeadSeq = events[^1].Seq }, time, logger);

    public static StreamPublisher<TenantDelta, TenantEventBatch> PublishDeltas(IGrainBase grain, TenantId tenant, TimeProvider time, ILogger logger) =>
        new(() => StreamOf(grain, tenant), static deltas => new TenantEventBatch { Deltas = deltas }, time, logger);

    private static IAsyncStream<TenantEventBatch> StreamOf(IGrainBase grain, TenantId tenant) => grain
        .GetStreamProvider(TenantEventStreams.Provider)
        .GetStream<TenantEventBatch>(StreamId.Create(TenantEventStreams.Namespace, new TenantEventsKey(tenant).ToString()));
}
