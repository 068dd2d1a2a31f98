using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Abstractions.Memory;

/// <summary>The entry as it is now, or a problem.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.MemoryRead")]
public sealed record MemoryRead([property: Id(0)] Problem? Problem, [property: Id(1)] MemoryEntry? Entry);

/// <summary>What a change has made of the entry, or a problem.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.MemoryChanged")]
public sealed record MemoryChanged
{
    [Id(0)] public Problem? Problem { get; init; }

    /// <summary>The entry as it is now; null when there is none any more.</summary>
    [Id(1)] public MemoryEntry? Entry { get; init; }

    /// <summary>The version that the change got.</summary>
    [Id(2)] public long Version { get; init; }
}

/// <summary>How many entries were stored. With a problem those before it may have been.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.MemoryImported")]
public sealed record MemoryImported([property: Id(0)] Problem? Problem, [property: Id(1)] int Stored);

/// <summary>Entries in the order of their keys' UTF-8 bytes, or a problem.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.MemoryList")]
public sealed record MemoryList
{
    [Id(0)] public Problem? Problem { get; init; }

    [Id(1)] public IReadOnlyList<MemoryEntry> Entries { get; init; } = [];

    [Id(2)] public string? NextCursor { get; init; }
}

/// <summary>What was found, best first, or a problem.</summary>
[GenerateSerializer, Immutable, Alias("OpenClaw.MemorySearchResult")]
public sealed record MemorySearchResult
{
    [Id(0)] public Problem? Problem { get; init; }

    [Id(1)] public IReadOnlyList<MemoryHit> Hits { get; init; } = [];

    /// <summary>Whether entries were found by their meaning as well.</summary>
    [Id(2)] public bool IsHybrid { get; init; }

    /// <summary>Why the search was less than it could be: the embedding server failed, or entries are not embedded yet.</summary>
    [Id(3)] public LocalizedText? Reason { get; init; }

    /// <summary>Hits were left out at the end, since the values of those before have 8 MiB.</summary>
    [Id(4)] public bool Truncated { get; init; }
}

/// <summary>An entry that was found.</summary>
/// <param name="Entry">The entry.</param>
/// <param name="Score">0 to 1, comparable between queries.</param>
[GenerateSerializer, Immutable, Alias("OpenClaw.MemoryHit")]
public sealed record MemoryHit([property: Id(0)] MemoryEntry Entry, [property: Id(1)] double Score);
