namespace OpenClaw.Grains.Abstractions.Memory;

/// <summary>Something that is remembered.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.MemoryEntry")]
public sealed record MemoryEntry
{
    /// <summary>Of a key, in UTF-16 units.</summary>
    public const int MaxKeyLength = 256;

    /// <summary>Of a value as compact JSON, in bytes: 256 KiB.</summary>
    public const int MaxValueBytes = 256 * 1024;

    /// <summary>Of the metadata as compact JSON, in bytes: 16 KiB.</summary>
    public const int MaxMetadataBytes = 16 * 1024;

    [Id(0)] public required string Key { get; init; }

    /// <summary>Any JSON.</summary>
    [Id(1)] public required JsonPayload Value { get; init; }

    /// <summary>A JSON object; empty when there is none. Its <c>category</c>, where that is a text, is what lists filter by.</summary>
    [Id(2)] public JsonPayload Metadata { get; init; }

    /// <summary>Rises by one with each change, a deletion and what is undone included. A key begins anew at 1 once nothing of it is left to undo.</summary>
    [Id(3)] public required long Version { get; init; }

    [Id(4)] public required DateTimeOffset CreatedAt { get; init; }

    [Id(5)] public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>From then on the entry is not there any more; null never expires.</summary>
    [Id(6)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Who made the last change.</summary>
    [Id(7)] public required MemorySource Source { get; init; }
}

/// <summary>Where a change of a memory came from: a call of the API, or a turn of a conversation.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.MemorySource")]
public sealed record MemorySource
{
    /// <summary>The key's id, of a call of the API.</summary>
    [Id(0)] public string? KeyId { get; init; }

    /// <summary>The request's id, of a call of the API.</summary>
    [Id(1)] public string? RequestId { get; init; }

    [Id(2)] public string? SessionId { get; init; }

    [Id(3)] public string? TurnId { get; init; }
}
