namespace OpenClaw.Storage.Memory;

/// <summary>An entry as it lies in the database, with what it takes to undo its last change.</summary>
public sealed record MemoryEntryState
{
    public required string Key { get; init; }

    public required long Version { get; init; }

    /// <summary>Names the change that made the entry as it is; the next one states it.</summary>
    public required Guid ChangeId { get; init; }

    /// <summary>JSON in UTF-8; null when the entry was deleted.</summary>
    public byte[]? Value { get; init; }

    /// <summary>A JSON object in UTF-8, or null.</summary>
    public byte[]? Metadata { get; init; }

    public string? Category { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset UpdatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>Not null: the entry was deleted, and is there to be undone.</summary>
    public DateTimeOffset? DeletedAt { get; init; }

    public string? KeyId { get; init; }

    public string? RequestId { get; init; }

    public string? SessionId { get; init; }

    public string? TurnId { get; init; }

    public MemoryPreviousState Previous { get; init; } = MemoryPreviousState.Unknown;
}

/// <summary>What an entry was before its last change.</summary>
public sealed record MemoryPreviousState
{
    /// <summary>There is nothing to undo.</summary>
    public static MemoryPreviousState Unknown { get; } = new() { Kind = MemoryPreviousKind.Unknown };

    /// <summary>There was no entry.</summary>
    public static MemoryPreviousState Absent { get; } = new() { Kind = MemoryPreviousKind.Absent };

    public required MemoryPreviousKind Kind { get; init; }

    public byte[]? Value { get; init; }

    public byte[]? Metadata { get; init; }

    public DateTimeOffset? CreatedAt { get; init; }

    public DateTimeOffset? ExpiresAt { get; init; }
}

/// <summary>Numbers are in the database.</summary>
public enum MemoryPreviousKind
{
    Unknown = 0,
    Absent = 1,
    Present = 2,
}
