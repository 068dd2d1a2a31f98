using OpenClaw.Grains.Abstractions.Memory;

namespace OpenClaw.Storage.Memory;

/// <summary>Vectors beside the entries. A changed or deleted entry loses its vector with the change.</summary>
/// <remarks>All methods throw <see cref="StorageUnavailableException"/> when the database cannot be read or written.</remarks>
public interface IMemoryVectors
{
    /// <summary>Namespaces in which entries have no vector of this model yet.</summary>
    ValueTask<IReadOnlyList<MemoryNamespaceKey>> ListToEmbedAsync(string model, int limit, CancellationToken cancellationToken);

    /// <summary>Entries changed after one id and not after another, in the order of their changes.</summary>
    ValueTask<IReadOnlyList<MemoryRow>> ListChangesAsync(MemoryNamespaceKey key, long after, long through, int limit, CancellationToken cancellationToken);

    /// <summary>Stores vectors of entries that have not changed meanwhile.</summary>
    Task AddAsync(MemoryNamespaceKey key, IReadOnlyList<MemoryVector> vectors, CancellationToken cancellationToken);

    /// <summary>
    /// Notes that all entries up to an id have vectors of the model. False when the namespace's vectors are no longer those of
    /// <paramref name="expected"/>: somebody else has begun with another model.
    /// </summary>
    Task<bool> MarkAsync(MemoryNamespaceKey key, string expected, string model, long through, CancellationToken cancellationToken);

    /// <summary>Removes a bounded piece of a namespace's vectors. False when none is left.</summary>
    Task<bool> RemoveSomeAsync(MemoryNamespaceKey key, CancellationToken cancellationToken);

    /// <summary>Hands out every signature of a namespace, or of one category in it.</summary>
    ValueTask ScanAsync<TState>(
        MemoryNamespaceKey key, string? category, TState state, Action<long, ReadOnlyMemory<byte>, TState> take, CancellationToken cancellationToken);

    /// <summary>The vectors of those of the entries that have one.</summary>
    ValueTask<IReadOnlyList<(long Id, byte[] Vector)>> ReadAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken);
}

/// <summary>An entry's vector.</summary>
/// <param name="Id">The id that the entry's last change gave it.</param>
/// <param name="Signature">By which the nearest are looked for.</param>
/// <param name="Vector">The vector as its writer encodes it.</param>
public sealed record MemoryVector(long Id, byte[] Signature, byte[] Vector);
