using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Storage.Memory;

/// <summary>The entries of all namespaces, and the index by which they are found.</summary>
/// <remarks>All methods throw <see cref="StorageUnavailableException"/> when the database cannot be read or written.</remarks>
public interface IMemoryStore
{
    /// <summary>Makes the namespace if there is none. Null when its tenant is being removed.</summary>
    Task<MemoryNamespaceState?> OpenAsync(MemoryNamespaceKey key, CancellationToken cancellationToken);

    /// <summary>The namespace as it is now, or null when nothing was ever stored in it.</summary>
    ValueTask<MemoryNamespaceState?> FindNamespaceAsync(MemoryNamespaceKey key, CancellationToken cancellationToken);

    /// <summary>What all namespaces of a tenant hold together.</summary>
    ValueTask<MemoryUsage> MeasureAsync(TenantId tenant, CancellationToken cancellationToken);

    /// <summary>An entry, also one that was deleted or has expired; null when there is no trace of it.</summary>
    ValueTask<MemoryEntryState?> FindAsync(MemoryNamespaceKey key, string entryKey, CancellationToken cancellationToken);

    /// <summary>Writes entries in one transaction. False when not all of them followed the change that they state.</summary>
    Task<bool> WriteAsync(MemoryNamespaceKey key, long number, IReadOnlyList<MemoryWrite> writes, CancellationToken cancellationToken);

    /// <summary>Entries in the order of their keys, after the key given. Ends with the entry that brings the values to <paramref name="maxBytes"/>.</summary>
    ValueTask<MemoryPage> ListAsync(
        MemoryNamespaceKey key, string after, string? category, int limit, long maxBytes, CancellationToken cancellationToken);

    /// <summary>
    /// Ids of entries that hold all of the terms; where there are more than <paramref name="limit"/>, the latest changes (SQLite) or any
    /// (PostgreSQL, where an order costs a look at every one of them).
    /// </summary>
    /// <param name="number">The namespace's.</param>
    /// <param name="terms">At least one.</param>
    /// <param name="isPrefix">Whether terms that begin with the first one count for it.</param>
    /// <param name="limit">Ids at most.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    ValueTask<IReadOnlyList<long>> MatchAsync(long number, IReadOnlyList<string> terms, bool isPrefix, int limit, CancellationToken cancellationToken);

    /// <summary>The terms of those of the entries that are there.</summary>
    ValueTask<IReadOnlyList<MemoryTermRow>> ReadTermsAsync(MemoryNamespaceKey key, IReadOnlyCollection<long> ids, CancellationToken cancellationToken);

    /// <summary>Those of the entries that are there, in no order.</summary>
    ValueTask<IReadOnlyList<MemoryRow>> ReadAsync(MemoryNamespaceKey key, IReadOnlyCollection<long> ids, CancellationToken cancellationToken);

    /// <summary>
    /// Removes a piece of what has expired, and a piece of what was deleted before <paramref name="before"/>; what took another's place and
    /// expired is kept until then as well, to be undone. How many.
    /// </summary>
    Task<int> PurgeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Removes a bounded piece of what a tenant has. False when nothing is left.</summary>
    Task<bool> RemoveSomeAsync(TenantId tenant, CancellationToken cancellationToken);
}

/// <summary>A namespace's own row.</summary>
/// <param name="Number">Names it in the index.</param>
/// <param name="Entries">Entries that are there.</param>
/// <param name="LastId">The greatest id that an entry of it has had.</param>
/// <param name="EmbeddedBy">The model whose vectors it has; empty for none.</param>
/// <param name="EmbeddedThrough">Entries up to this id have their vectors.</param>
public sealed record MemoryNamespaceState(long Number, long Entries, long LastId, string EmbeddedBy, long EmbeddedThrough);

/// <summary>What a tenant's namespaces hold.</summary>
public readonly record struct MemoryUsage(long Namespaces, long Entries, long Bytes);

/// <summary>An entry to be written.</summary>
/// <param name="Entry">As it is to be.</param>
/// <param name="Terms">What it is found by.</param>
/// <param name="Expected">The change that it follows; null when there is no trace of an entry.</param>
public sealed record MemoryWrite(MemoryEntryState Entry, MemoryTerms Terms, Guid? Expected);

/// <summary>An entry and the id that its last change gave it.</summary>
public sealed record MemoryRow(long Id, MemoryEntryState Entry);

/// <summary>What is needed to score an entry.</summary>
public sealed record MemoryTermRow(long Id, string Key, MemoryTerms Terms, string? Category, DateTimeOffset UpdatedAt);

/// <summary>A page of entries.</summary>
/// <param name="Entries">The entries.</param>
/// <param name="HasMore">There is at least one behind them.</param>
public sealed record MemoryPage(IReadOnlyList<MemoryEntryState> Entries, bool HasMore);
