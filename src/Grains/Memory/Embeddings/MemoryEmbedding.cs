using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Memory.Search;
using OpenClaw.Storage.Memory;

namespace OpenClaw.Grains.Memory.Embeddings;

/// <summary>
/// Gives a namespace's entries their vectors, in the order of their changes. How far it has come stands in the namespace's row, so
/// that it goes on after a crash, and begins anew for another model.
/// </summary>
internal sealed class MemoryEmbedding(IMemoryStore store, IMemoryVectors vectors, Embedder embedder, IOptions<EmbeddingOptions> options)
{
    private int Piece => options.Value.BatchSize;

    public bool IsOn => embedder.Model is not null;

    public bool IsPending(MemoryNamespaceState state) =>
        embedder.Model is { } model && state.LastId > 0 && (state.EmbeddedBy != model || state.EmbeddedThrough < state.LastId);

    /// <summary>Embeds a piece. False when nothing is left.</summary>
    /// <exception cref="EmbeddingException">The server failed: the same piece is next.</exception>
    public async Task<bool> EmbedSomeAsync(MemoryNamespaceKey key, CancellationToken cancellationToken)
    {
        if (await store.FindNamespaceAsync(key, cancellationToken) is not { } state || !IsPending(state)) return false;
        var model = embedder.Model!;
        if (state.EmbeddedBy != model)
        {
            await BeginAnewAsync(key, state, model, cancellationToken);
            return true;
        }

        var changes = await vectors.ListChangesAsync(key, state.EmbeddedThrough, state.LastId, Piece, cancellationToken);
        if (changes.Count > 0)
        {
            var embedded = await EmbedAsync(changes, cancellationToken);
            if (embedded.Count > 0) await vectors.AddAsync(key, embedded, cancellationToken);
        }

        await vectors.MarkAsync(key, model, changes.Count < Piece ? state.LastId : changes[^1].Id, cancellationToken);
        return true;
    }

    private async Task<IReadOnlyList<MemoryVector>> EmbedAsync(IReadOnlyList<MemoryRow> rows, CancellationToken cancellationToken)
    {
        try
        {
            var embedded = await embedder.EmbedAsync([.. rows.Select(TextOf)], cancellationToken);
            return [.. rows.Zip(embedded, Encode)];
        }
        catch (EmbeddingException failure) when (failure.IsRefusal && rows.Count > 1)
        {
            // One of them that the server does not like must not keep the others from their vectors.
            var alone = new List<MemoryVector>();
            foreach (var row in rows) alone.AddRange(await EmbedAsync([row], cancellationToken));
            return alone;
        }
        catch (EmbeddingException failure) when (failure.IsRefusal)
        {
            return [];
        }
    }

    /// <summary>Vectors of two models do not compare: the old ones go first.</summary>
    private async Task BeginAnewAsync(MemoryNamespaceKey key, MemoryNamespaceState state, string model, CancellationToken cancellationToken)
    {
        if (state.EmbeddedBy.Length > 0) await vectors.MarkAsync(key, "", 0, cancellationToken);
        while (await vectors.RemoveSomeAsync(key, cancellationToken)) cancellationToken.ThrowIfCancellationRequested();
        await vectors.MarkAsync(key, model, 0, cancellationToken);
    }

    private static string TextOf(MemoryRow row) =>
        $"{row.Entry.Key}\n{EntryTerms.TextOf(row.Entry.Metadata)}{EntryTerms.TextOf(row.Entry.Value)}".Trim();

    private static MemoryVector Encode(MemoryRow row, float[] vector) => new(row.Id, VectorCode.Signature(vector), VectorCode.Encode(vector));
}
