namespace OpenClaw.Grains.Abstractions.Events;

/// <summary>What the tenant's stream carries: events in their order, or pieces of answers.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TenantEventBatch")]
public sealed record TenantEventBatch
{
    [Id(0)] public IReadOnlyList<TenantEvent> Events { get; init; } = [];

    [Id(1)] public IReadOnlyList<TenantDelta> Deltas { get; init; } = [];

    /// <summary>The number of its last event; 0 when it has none.</summary>
    [Id(2)] public long HeadSeq { get; init; }
}
