namespace OpenClaw.Grains.Abstractions.Events;

/// <summary>A piece of a tenant's events, in their order.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TenantEventPage")]
public sealed record TenantEventPage
{
    [Id(0)] public IReadOnlyList<TenantEvent> Events { get; init; } = [];

    /// <summary>The number of the tenant's last event.</summary>
    [Id(1)] public required long HeadSeq { get; init; }

    /// <summary>The number of the oldest event that is kept; one above the head when none is.</summary>
    [Id(2)] public required long FirstSeq { get; init; }
}
