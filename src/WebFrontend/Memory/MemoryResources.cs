using System.Text.Json.Serialization;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.WebFrontend.Errors;
using OpenClaw.WebFrontend.Http;

namespace OpenClaw.WebFrontend.Memory;

/// <summary>What <c>POST /api/memory</c> answers.</summary>
internal sealed record StoredMemoryResource(string Key, string Namespace, string Status, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, long Version)
{
    public static StoredMemoryResource Of(string name, MemoryEntry entry) =>
        new(entry.Key, name, "stored", entry.CreatedAt, entry.UpdatedAt, entry.Version);
}

/// <summary>An entry.</summary>
internal sealed record MemoryResource(
    string Key,
    RawJson Value,
    RawJson Metadata,
    long Version,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] DateTimeOffset? ExpiresAt,
    MemorySourceResource Source)
{
    public static MemoryResource Of(MemoryEntry entry) => new(
        entry.Key,
        new RawJson(entry.Value),
        RawJson.OrEmptyObject(entry.Metadata),
        entry.Version,
        entry.CreatedAt,
        entry.UpdatedAt,
        entry.ExpiresAt,
        MemorySourceResource.Of(entry.Source));
}

/// <summary>Who made the last change: a call of the API (<c>api</c>) or a conversation's turn (<c>session</c>).</summary>
internal sealed record MemorySourceResource(string Type, string? KeyId, string? RequestId, string? SessionId, string? TurnId)
{
    public static MemorySourceResource Of(MemorySource source) =>
        new(source.SessionId is null ? "api" : "session", source.KeyId, source.RequestId, source.SessionId, source.TurnId);
}

/// <summary>A page of entries.</summary>
internal sealed record MemoryListResource(
    IReadOnlyList<MemoryResource> Entries,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? NextCursor);

/// <summary>An entry that was found.</summary>
internal sealed record FoundMemoryResource(
    string Key, RawJson Value, double Score, RawJson Metadata, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt)
{
    public static FoundMemoryResource Of(MemoryHit hit) => new(
        hit.Entry.Key, new RawJson(hit.Entry.Value), hit.Score, RawJson.OrEmptyObject(hit.Entry.Metadata), hit.Entry.CreatedAt, hit.Entry.UpdatedAt);
}

/// <summary>What a search found. <c>Reason</c> tells why it was less than it could be.</summary>
internal sealed record MemorySearchResource(IReadOnlyList<FoundMemoryResource> Results, string Mode, string? Reason, bool Truncated)
{
    public static MemorySearchResource Of(MemorySearchResult found, HttpRequest request) => new(
        [.. found.Hits.Select(FoundMemoryResource.Of)],
        found.IsHybrid ? "hybrid" : "text",
        found.Reason is { } reason ? ErrorWriter.In(reason, LanguagePreference.Of(request)) : null,
        found.Truncated);
}

internal sealed record DeletedMemoryResource(string Key, string Status);

/// <summary>What undoing has made of an entry: <c>restored</c>, or <c>deleted</c> when there was none before the change.</summary>
internal sealed record UndoneMemoryResource(string Key, string Status, long Version);

internal sealed record ImportedMemoryResource(int Stored, int Skipped);
