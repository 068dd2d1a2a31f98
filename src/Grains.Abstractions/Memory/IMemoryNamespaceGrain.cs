using Orleans.Concurrency;

namespace OpenClaw.Grains.Abstractions.Memory;

/// <summary>
/// A namespace of a tenant's memory, and the one place in the cluster that changes it. Key: <see cref="MemoryNamespaceKey"/>.
/// </summary>
/// <remarks>
/// Entries lie in the database; an activation keeps none of them. Reads interleave; changes are made one after the other, and each
/// states the change that it follows, so that of two activations one finds out.
/// </remarks>
[Alias("OpenClaw.IMemoryNamespaceGrain")]
public interface IMemoryNamespaceGrain : IGrainWithStringKey
{
    /// <summary>Stores an entry, new or in place of the one with its key. Durable when the task completes.</summary>
    [Alias("Store"), ResponseTimeout("00:00:30")]
    Task<MemoryChanged> Store(StoreMemory request, CancellationToken cancellationToken);

    /// <summary>Stores entries. Those before one that cannot be written any more stay; stored again, they are the same.</summary>
    [Alias("Import"), ResponseTimeout("00:02:00")]
    Task<MemoryImported> Import(ImportMemory request, CancellationToken cancellationToken);

    /// <summary>Removes an entry. Durable when the task completes; can be undone for 7 days.</summary>
    [Alias("Delete"), ResponseTimeout("00:00:30")]
    Task<MemoryChanged> Delete(ChangeMemory request, CancellationToken cancellationToken);

    /// <summary>Takes the last change of an entry back. That is a change as well: undone again, it is made again.</summary>
    [Alias("Undo"), ResponseTimeout("00:00:30")]
    Task<MemoryChanged> Undo(ChangeMemory request, CancellationToken cancellationToken);

    /// <summary>One entry.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("Get"), AlwaysInterleave, Repeatable]
    Task<MemoryRead> Get(string key, CancellationToken cancellationToken);

    /// <summary>A page of entries.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("List"), AlwaysInterleave, Repeatable]
    Task<MemoryList> List(ListMemory request, CancellationToken cancellationToken);

    /// <summary>Entries that fit a query.</summary>
    /// <remarks>Interleaves. A failing embedding server leaves a search by text, which says so.</remarks>
    [Alias("Search"), AlwaysInterleave, Repeatable]
    Task<MemorySearchResult> Search(SearchMemory request, CancellationToken cancellationToken);

    /// <summary>Goes on with what entries lack for being found by meaning, if there is an embedding model. Answers at once.</summary>
    /// <remarks>Interleaves.</remarks>
    [Alias("Embed"), AlwaysInterleave, Repeatable]
    Task Embed(CancellationToken cancellationToken);
}
