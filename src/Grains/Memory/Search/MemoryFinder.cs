using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Grains.Memory.Embeddings;
using OpenClaw.Storage.Memory;

namespace OpenClaw.Grains.Memory.Search;

/// <summary>Finds entries by text and, where there is a model for it, by meaning as well, and puts both into one order.</summary>
internal sealed class MemoryFinder(IMemoryStore store, MemorySearch text, MeaningSearch meaning, MemoryEmbedding embedding, Embedder embedder)
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
        if (vector is null) return Best(byText, false, null);
        if (await vector is not { } query) return Best(byText, false, MemoryReasons.EmbeddingFailed);
        var byMeaning = await meaning.FindAsync(key, request.Category, query, cancellationToken);
        return Best(
            await CombineAsync(key, request.Category, byText, byMeaning, cancellationToken),
            true,
            embedding.IsPending(state) ? MemoryReasons.EmbeddingPending : null);

        FoundMemories Best(IEnumerable<ScoredEntry> entries, bool isHybrid, LocalizedText? reason) => new(
            [.. entries.Where(entry => entry.Score >= request.MinScore).Take(request.Limit)], isHybrid, reason);
    }

    private async Task<IReadOnlyList<ScoredEntry>> CombineAsync(
        MemoryNamespaceKey key,
        string? category,
        IReadOnlyList<ScoredEntry> byText,
        IReadOnlyDictionary<long, double> byMeaning,
        CancellationToken cancellationToken)
    {
        var both = byText.ToDictionary(entry => entry.Id, entry => entry with { Score = Both(entry.Score, byMeaning.GetValueOrDefault(entry.Id)) });
        var rest = byMeaning.Keys.Where(id => !both.ContainsKey(id)).ToList();
        foreach (var row in await store.ReadTermsAsync(key, rest, cancellationToken))
        {
            if (category is null || row.Category == category) both[row.Id] = new ScoredEntry(row.Id, Both(0, byMeaning[row.Id]));
        }

        return [.. both.Values
            .Where(entry => entry.Score >= MemoryScore.Least)
            .OrderByDescending(entry => entry.Score)
            .ThenByDescending(entry => entry.Id)];
    }

    /// <summary>Each takes its share of what the other leaves open.</summary>
    private static double Both(double byText, double byMeaning) => 1 - ((1 - byText) * (1 - (MeaningWeight * byMeaning)));
}

/// <summary>What a search found.</summary>
/// <param name="Entries">Best first.</param>
/// <param name="IsHybrid">By meaning as well.</param>
/// <param name="Reason">Why it was less than it could be, or null.</param>
internal sealed record FoundMemories(IReadOnlyList<ScoredEntry> Entries, bool IsHybrid, LocalizedText? Reason);
