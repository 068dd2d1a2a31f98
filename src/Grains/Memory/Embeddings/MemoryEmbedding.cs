using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Memory.Search;
using OpenClaw.Storage.Memory;

namespace OpenClaw.Grains.Memory.Embeddings;

/// <summary>
/// Gives a namespace's entries their vectors, in the order of their changes. How far it has come stands in the namespace's row, so
/// that it goes on after a crash, and begins anew for another model.
/// </summary>
internal sealed partial class MemoryEmbedding(
    IMemoryStore store, IMemoryVectors vectors, Embedder embedder, IOptions<EmbeddingOptions> options, ILogger<MemoryEmbedding> logger) : IDisposable
{
    /// <summary>Namespaces that are embedded at once.</summary>
    private const int AtOnce = 4;

    private const string Harmless = "hello";

    private readonly SemaphoreSlim _slots = new(AtOnce);

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
            var embedded = await EmbedInTurnAsync(changes, cancellationToken);
            if (embedded.Count > 0) await vectors.AddAsync(key, embedded, cancellationToken);
        }

        return await vectors.MarkAsync(key, model, model, changes.Count < Piece ? state.LastId : changes[^1].Id, cancellationToken);
    }

    public void Dispose() => _slots.Dispose();

    private async Task<IReadOnlyList<MemoryVector>> EmbedInTurnAsync(IReadOnlyList<MemoryRow> rows, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            return await EmbedAsync(rows, cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>
    /// The vectors of those that the model can embed: one text that it cannot (refused, no vector, an error of the server's) keeps
    /// no other from its own.
    /// </summary>
    /// <exception cref="EmbeddingException">The server embeds nothing at all.</exception>
    private async Task<IReadOnlyList<MemoryVector>> EmbedAsync(IReadOnlyList<MemoryRow> rows, CancellationToken cancellationToken)
    {
        EmbeddingException failed;
        try
        {
            var embedded = await embedder.EmbedAsync([.. rows.Select(TextOf)], cancellationToken);
            return [.. rows.Zip(embedded, Encode)];
        }
        catch (EmbeddingException failure) when (failure.RetryAfter == TimeSpan.Zero)
        {
            failed = failure;
        }

        // It is the server, unless a harmless text is embedded.
        await embedder.EmbedAsync([Harmless], cancellationToken);
        if (rows.Count == 1)
        {
            LogSkipped(failed, rows[0].Id);
            return [];
        }

        var alone = new List<MemoryVector>();
        foreach (var row in rows) alone.AddRange(await EmbedAsync([row], cancellationToken));
        return alone;
    }

    /// <summary>Vectors of two models do not compare: the old ones go first.</summary>
    private async Task BeginAnewAsync(MemoryNamespaceKey key, MemoryNamespaceState state, string model, CancellationToken cancellationToken)
    {
        await vectors.MarkAsync(key, state.EmbeddedBy, "", 0, cancellationToken);
        while (await vectors.RemoveSomeAsync(key, cancellationToken)) cancellationToken.ThrowIfCancellationRequested();
        await vectors.MarkAsync(key, "", model, 0, cancellationToken);
    }

    private static string TextOf(MemoryRow row) =>
        $"{row.Entry.Key}\n{EntryTerms.TextOf(row.Entry.Metadata)}{EntryTerms.TextOf(row.Entry.Value)}".Trim();

    private static MemoryVector Encode(MemoryRow row, float[] vector) => new(row.Id, VectorCode.Signature(vector), VectorCode.Encode(vector));

    [LoggerMessage(7004, LogLevel.Warning, "The memory {Id} has no vector: the embedding server cannot embed it. It is found by its text alone")]
    private partial void LogSkipped(Exception failure, long id);
}
