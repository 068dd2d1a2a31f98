using System.Text.Json;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Storage.Memory;

namespace OpenClaw.Grains.Memory;

/// <summary>What each change makes of an entry.</summary>
internal static class MemoryRules
{
    /// <summary>Of a category, in UTF-16 units; a longer text is metadata like any other.</summary>
    public const int MaxCategoryLength = 256;

    /// <summary>Beyond it a time cannot be written.</summary>
    private const long MaxTtlSeconds = 100L * 365 * 24 * 60 * 60;

    /// <param name="there">The entry as it is, one that was deleted or has expired included; null for none.</param>
    /// <param name="request">What is to be stored.</param>
    /// <param name="changeId">Names this change.</param>
    /// <param name="now">The time.</param>
    public static MemoryOutcome Store(MemoryEntryState? there, StoreMemory request, Guid changeId, DateTimeOffset now)
    {
        var present = IsPresent(there, now) ? there : null;
        if (Mismatch(present, request.IfVersion) is { } problem) return MemoryOutcome.Refused(problem);
        var metadata = request.Metadata.IsEmpty ? null : request.Metadata.Utf8.ToArray();
        return MemoryOutcome.Changed(new MemoryEntryState
        {
            Key = request.Key,
            Version = NextVersion(there),
            ChangeId = changeId,
            Value = request.Value.Utf8.ToArray(),
            Metadata = metadata,
            Category = CategoryOf(metadata),
            CreatedAt = present?.CreatedAt ?? now,
            UpdatedAt = now,
            ExpiresAt = request.TtlSeconds is { } seconds ? now.AddSeconds(Math.Min(seconds, MaxTtlSeconds)) : request.ExpiresAt,
            Previous = PreviousOf(present),
        }.By(request.Source));
    }

    public static MemoryOutcome Delete(MemoryEntryState? there, ChangeMemory request, Guid changeId, DateTimeOffset now)
    {
        if (!IsPresent(there, now)) return MemoryOutcome.Refused(MemoryReasons.NotFoundAt("key"));
        if (Mismatch(there, request.IfVersion) is { } problem) return MemoryOutcome.Refused(problem);
        return MemoryOutcome.Changed(Absent(there!, request.Source, changeId, now));
    }

    /// <summary>Puts back what the entry was before its last change.</summary>
    public static MemoryOutcome Undo(MemoryEntryState? there, ChangeMemory request, Guid changeId, DateTimeOffset now)
    {
        if (there is null) return MemoryOutcome.Refused(MemoryReasons.NotFoundAt("key"));
        var present = IsPresent(there, now) ? there : null;
        if (request.IfVersion is { } wanted && wanted != there.Version)
            return MemoryOutcome.Refused(Problem.Conflict(MemoryReasons.Version(wanted, there.Version), "ifVersion"));
        var previous = there.Previous;
        if (previous.Kind is MemoryPreviousKind.Unknown || (present is null && previous.Kind is MemoryPreviousKind.Absent))
            return MemoryOutcome.Refused(Problem.Conflict(MemoryReasons.NothingToUndo, "key"));
        if (previous.Kind is MemoryPreviousKind.Absent) return MemoryOutcome.Changed(Absent(there, request.Source, changeId, now));
        // What has expired meanwhile would not be there after all.
        if (previous.ExpiresAt <= now) return MemoryOutcome.Refused(Problem.Conflict(MemoryReasons.NothingToUndo, "key"));
        return MemoryOutcome.Changed((there with
        {
            Version = NextVersion(there),
            ChangeId = changeId,
            Value = previous.Value,
            Metadata = previous.Metadata,
            Category = CategoryOf(previous.Metadata),
            CreatedAt = previous.CreatedAt ?? now,
            UpdatedAt = now,
            ExpiresAt = previous.ExpiresAt,
            DeletedAt = null,
            Previous = PreviousOf(present),
        }).By(request.Source));
    }

    public static bool IsPresent(MemoryEntryState? entry, DateTimeOffset now) =>
        entry is { DeletedAt: null } && !(entry.ExpiresAt <= now);

    /// <summary>The text that metadata name as the category, where it is one of bearable length.</summary>
    public static string? CategoryOf(byte[]? metadata)
    {
        if (metadata is null) return null;
        using var document = JsonDocument.Parse(metadata);
        return document.RootElement.TryGetProperty("category", out var category) && category.ValueKind is JsonValueKind.String
            && category.GetString() is { Length: > 0 and <= MaxCategoryLength } text ? text : null;
    }

    private static MemoryEntryState Absent(MemoryEntryState there, MemorySource source, Guid changeId, DateTimeOffset now) => (there with
    {
        Version = NextVersion(there),
        ChangeId = changeId,
        Value = null,
        Metadata = null,
        Category = null,
        UpdatedAt = now,
        ExpiresAt = null,
        DeletedAt = now,
        Previous = PreviousOf(there),
    }).By(source);

    private static MemoryEntryState By(this MemoryEntryState entry, MemorySource source) => entry with
    {
        KeyId = source.KeyId, RequestId = source.RequestId, SessionId = source.SessionId, TurnId = source.TurnId,
    };

    private static MemoryPreviousState PreviousOf(MemoryEntryState? present) => present is null ? MemoryPreviousState.Absent : new MemoryPreviousState
    {
        Kind = MemoryPreviousKind.Present,
        Value = present.Value,
        Metadata = present.Metadata,
        CreatedAt = present.CreatedAt,
        ExpiresAt = present.ExpiresAt,
    };

    private static Problem? Mismatch(MemoryEntryState? present, long? wanted) => wanted is { } version && version != (present?.Version ?? 0)
        ? Problem.Conflict(MemoryReasons.Version(version, present?.Version ?? 0), "ifVersion")
        : null;

    private static long NextVersion(MemoryEntryState? there) => (there?.Version ?? 0) + 1;
}

/// <summary>The entry to be written, or why there is none.</summary>
internal readonly record struct MemoryOutcome(MemoryEntryState? Entry, Problem? Problem)
{
    public static MemoryOutcome Changed(MemoryEntryState entry) => new(entry, null);

    public static MemoryOutcome Refused(Problem problem) => new(null, problem);
}
