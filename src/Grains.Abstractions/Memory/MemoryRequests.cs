namespace OpenClaw.Grains.Abstractions.Memory;

/// <summary>What is to be remembered.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.StoreMemory")]
public sealed record StoreMemory
{
    /// <summary>1 to <see cref="MemoryEntry.MaxKeyLength"/> UTF-16 units, without U+0000.</summary>
    [Id(0)] public required string Key { get; init; }

    /// <summary>At most <see cref="MemoryEntry.MaxValueBytes"/>.</summary>
    [Id(1)] public required JsonPayload Value { get; init; }

    /// <summary>A JSON object of at most <see cref="MemoryEntry.MaxMetadataBytes"/>, or empty.</summary>
    [Id(2)] public JsonPayload Metadata { get; init; }

    /// <summary>The version that the entry must have, 0 for none; null writes whatever is there.</summary>
    [Id(3)] public long? IfVersion { get; init; }

    /// <summary>Seconds until the entry expires, 1 or more; null never does.</summary>
    [Id(4)] public long? TtlSeconds { get; init; }

    [Id(5)] public required MemorySource Source { get; init; }

    /// <summary>When the entry expires, in place of <see cref="TtlSeconds"/>.</summary>
    [Id(6)] public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Names the change, so that one that is asked for again is made once; null for one that nobody repeats.</summary>
    [Id(7)] public Guid? ChangeId { get; init; }
}

/// <summary>A change of an entry that brings no content: a deletion, or undoing the last change.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.ChangeMemory")]
public sealed record ChangeMemory
{
    [Id(0)] public required string Key { get; init; }

    /// <summary>The version that the entry must have; null changes whatever is there.</summary>
    [Id(1)] public long? IfVersion { get; init; }

    [Id(2)] public required MemorySource Source { get; init; }

    /// <summary>Names the change, so that one that is asked for again is made once; null for one that nobody repeats.</summary>
    [Id(3)] public Guid? ChangeId { get; init; }
}

/// <summary>Entries to be stored together, in their order.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.ImportMemory")]
public sealed record ImportMemory
{
    /// <summary>Lines of one import, each an entry.</summary>
    public const int MaxEntries = 10_000;

    [Id(0)] public required IReadOnlyList<StoreMemory> Entries { get; init; }
}

[GenerateSerializer, Immutable, Alias("OpenClaw.ListMemory")]
public sealed record ListMemory
{
    /// <summary>1 to 1000. A page ends earlier once its values have 8 MiB.</summary>
    [Id(0)] public required int Limit { get; init; }

    /// <summary>The cursor of the page before, or null.</summary>
    [Id(1)] public string? Cursor { get; init; }

    /// <summary>Entries of this category alone; null lists all.</summary>
    [Id(2)] public string? Category { get; init; }
}

[GenerateSerializer, Immutable, Alias("OpenClaw.SearchMemory")]
public sealed record SearchMemory
{
    /// <summary>Of a query, in UTF-16 units.</summary>
    public const int MaxQueryLength = 1024;

    [Id(0)] public required string Query { get; init; }

    /// <summary>1 to 100.</summary>
    [Id(1)] public required int Limit { get; init; }

    /// <summary>Entries of this category alone; null searches all.</summary>
    [Id(2)] public string? Category { get; init; }

    /// <summary>0 to 1: what scores less is left out.</summary>
    [Id(3)] public double MinScore { get; init; }
}
