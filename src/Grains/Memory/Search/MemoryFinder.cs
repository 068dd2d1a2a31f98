using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Memory.Embeddings;
using OpenClaw.Storage.Memory;

namespace OpenClaw.Grains.Memory.Search;

/// <summary>Finds entries by text and, where there is a model for it, by meaning as well, and puts both into one order.</summary>
internal sealed class MemoryFinder(IMemoryStore store, MemorySearch text, MeaningSearch meaning, MemoryEmbedding embedding, Embedder embedder, TimeProvider time)
{
    /// <summary>Meaning alone never says as much as the words themselves.</summary>
    private const double MeaningWeight = 0.85;

    /// <summary>Found by text, from which the best are taken when meaning has had its say.</summary>
    private const int MaxByText = 200;

    public async Task<FoundMemories> FindAsync(
        MemoryNamespaceKey key, MemoryNamespaceState state, SearchMemory request, CancellationToken cancellationToken)
    {
        var vector = embedding.IsOn ? embedder.EmbedQueryAsync(request.Query, cancellationToken) : null;
        var byText = await text.FindAsync(key, state, request.Query, request.Category, MaxByText, cancellationToken);
        if (vector is null) return await BestAsync(byText, false, null);
        if (await vector is not { } query) return await BestAsync(byText, false, MemoryReasons.EmbeddingFailed);
        var byMeaning = await meaning.FindAsync(key, request.Category, query, cancellationToken);
        return await BestAsync(Combine(byText, byMeaning), true, embedding.IsPending(state) ? MemoryReasons.EmbeddingPending : null);

        async Task<FoundMemories> BestAsync(IEnumerable<ScoredEntry> entries, bool isHybrid, LocalizedText? reason) => new(
            await ReadAsync(key, entries.Where(entry => entry.Score >= request.MinScore), request.Limit, cancellationToken), isHybrid, reason);
    }

    private static IEnumerable<ScoredEntry> Combine(IReadOnlyList<ScoredEntry> byText, IReadOnlyDictionary<long, double> byMeaning)
    {
        var textual = byText.ToDictionary(entry => entry.Id, entry => entry.Score);
        return textual.Keys.Union(byMeaning.Keys)
            .Select(id => new ScoredEntry(id, Both(textual.GetValueOrDefault(id), byMeaning.GetValueOrDefault(id))))
            .Where(entry => entry.Score >= MemoryScore.Least)
            .OrderByDescending(entry => entry.Score)
            .ThenByDescending(entry => entry.Id);
    }

    /// <summary>The best that are still there: one that has changed since has another id, and is another entry.</summary>
    private async Task<IReadOnlyList<FoundMemory>> ReadAsync(
        MemoryNamespaceKey key, IEnumerable<ScoredEntry> best, int limit, CancellationToken cancellationToken)
    {
        var found = new List<FoundMemory>();
        foreach (var piece in best.Chunk(limit))
        {
            var rows = (await store.ReadAsync(key, [.. piece.Select(entry => entry.Id)], cancellationToken)).ToDictionary(row => row.Id, row => row.Entry);
            foreach (var entry in piece)
            {
                if (rows.TryGetValue(entry.Id, out var row) && MemoryRules.IsPresent(row, time.GetUtcNow())) found.Add(new FoundMemory(entry.Id, row, entry.Score));
            }

            if (found.Count >= limit) break;
        }

        return [.. found.Take(limit)];
    }

    /// <summary>Each takes its share of what the other leaves open.</summary>
    private static double Both(double byText, double byMeaning) => 1 - ((1 - byText) * (1 - (MeaningWeight * byMeaning)));
}

/// <summary>What a search found.</summary>
/// <param name="Entries">Best first.</param>
/// <param name="IsHybrid">By meaning as well.</param>
/// <param name="Reason">Why it was less than it could be, or null.</param>
internal sealed record FoundMemories(IReadOnlyList<FoundMemory> Entries, bool IsHybrid, LocalizedText? Reason);

/// <summary>An entry that was found.</summary>
/// <param name="Id">The id that its last change gave it.</param>
/// <param name="Entry">The entry.</param>
/// <param name="Score">0 to 1.</param>
internal sealed record FoundMemory(long Id, MemoryEntryState Entry, double Score);
