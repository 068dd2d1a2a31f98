namespace OpenClaw.Grains.Abstractions.Events;

/// <summary>Something that happened to a tenant.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TenantEvent")]
public sealed record TenantEvent
{
    /// <summary>The tenant's event number: from 1, rising by one.</summary>
    [Id(0)] public required long Seq { get; init; }

    /// <summary>What a receiver knows it again by.</summary>
    [Id(1)] public required string EventId { get; init; }

    /// <summary>One of <see cref="EventTypes"/>.</summary>
    [Id(2)] public required string Type { get; init; }

    /// <summary>Null when it is of no session.</summary>
    [Id(3)] public string? SessionId { get; init; }

    /// <summary>Where it stands in its session's log; null when it stands in none.</summary>
    [Id(4)] public long? SessionSeq { get; init; }

    [Id(5)] public required DateTimeOffset At { get; init; }

    /// <summary>A JSON object.</summary>
    [Id(6)] public required JsonPayload Data { get; init; }
}
