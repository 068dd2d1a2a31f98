namespace OpenClaw.Grains.Abstractions.Events;

/// <summary>A piece of an answer while it is being said. Not kept: the session's log has it, and the event of the whole message.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.TenantDelta")]
public sealed record TenantDelta
{
    [Id(0)] public required string SessionId { get; init; }

    [Id(1)] public required long SessionSeq { get; init; }

    [Id(2)] public required string TurnId { get; init; }

    [Id(3)] public required string Content { get; init; }

    /// <summary>It stands inside a fence.</summary>
    [Id(4)] public bool IsCode { get; init; }

    /// <summary>Of code, where it is named.</summary>
    [Id(5)] public string? Language { get; init; }

    [Id(6)] public required DateTimeOffset At { get; init; }
}
