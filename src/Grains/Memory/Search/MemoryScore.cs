using OpenClaw.Storage.Memory;

namespace OpenClaw.Grains.Memory.Search;

/// <summary>
/// How well an entry answers a query: 0 to 1, from nothing but the two, how rare the query's terms are, and the entry's age. So
/// scores of different queries compare, and what else is stored moves them little.
/// </summary>
/// <remarks>
/// <c>score = coverage × (0.82 + 0.12 × keyShare + 0.05 × recency)</c>, and 0.01 more where the key is the query itself. Coverage is the share of the query that the entry holds, each
/// term weighted by its rarity; a term in the key counts whole, in metadata and value less, and less again when it is only begun
/// or nearly the same. keyShare is the share of the key that the query names; recency halves every 180 days.
/// </remarks>
internal sealed class MemoryScore(IReadOnlyList<QueryTerm> query, long entries, TimeProvider time)
{
    /// <summary>What scores less is no answer.</summary>
    public const double Least = 0.15;

    private const double ForCoverage = 0.82;
    private const double ForKeyShare = 0.12;

    /// <summary>A key of the same words in another order is another key.</summary>
    private const double ForSameKey = 0.01;
    private const double ForRecency = 0.05;
    private const double HalfLifeDays = 180;

    private const double InKey = 1;
    private const double InMetadata = 0.9;
    private const double InValue = 0.88;

    /// <summary>Long values hold many words: that they hold the query's says less.</summary>
    private const double InLongValue = 0.78;
    private const int LongValue = 300;

    /// <summary>Words of a field that are looked at for one that is nearly the query's.</summary>
    private const int MaxCompared = 300;

    /// <summary>Rarity is told as if there were so many entries at least: few say nothing of what is common.</summary>
    private const double LeastEntries = 1000;

    private const double CommonWord = 0.15;
    private const double LeastWeight = 0.05;

    private readonly double[] _weights = [.. query.Select(term => WeightOf(term, entries))];

    /// <summary>How much a term of the query counts, by its place.</summary>
    public double WeightOf(int term) => _weights[term];

    public double Of(MemoryTermRow entry)
    {
        var total = 0.0;
        var covered = 0.0;
        var named = new HashSet<string>(StringComparer.Ordinal);
        var key = Field.Of(entry.Terms.Key);
        var metadata = Field.Of(entry.Terms.Metadata);
        var value = Field.Of(entry.Terms.Value);
        var inValue = value.Count > LongValue ? InLongValue : InValue;
        for (var index = 0; index < query.Count; index++)
        {
            total += _weights[index];
            var (inKey, name) = key.Best(query[index]);
            if (name is not null) named.Add(name);
            var best = inKey * InKey;
            if (best < InMetadata) best = Math.Max(best, metadata.Best(query[index]).Quality * InMetadata);
            if (best < inValue) best = Math.Max(best, value.Best(query[index]).Quality * inValue);
            covered += _weights[index] * best;
        }

        if (total == 0) return 0;
        var names = QueryTerms.Of(entry.Key);
        var keyShare = names.Count == 0 ? 0 : (double)names.Count(name => named.Contains(name.Text)) / names.Count;
        return covered / total * (ForCoverage + (ForKeyShare * keyShare) + (ForRecency * Recency(entry.UpdatedAt)));
    }

    /// <summary>Of an entry whose key is the query itself, letter by letter.</summary>
    public double OfSameKey(DateTimeOffset updatedAt) => ForCoverage + ForKeyShare + ForSameKey + (ForRecency * Recency(updatedAt));

    private double Recency(DateTimeOffset updatedAt) =>
        Math.Pow(0.5, Math.Max(0, (time.GetUtcNow() - updatedAt).TotalDays) / HalfLifeDays);

    private static double WeightOf(QueryTerm term, long entries)
    {
        var all = Math.Max(entries, LeastEntries) + 1;
        var rarity = Math.Log(all / (term.Entries + 0.5)) / Math.Log(all / 0.5);
        return Math.Max(LeastWeight, CommonWords.Contains(term.Text) ? Math.Min(rarity, 1) * CommonWord : rarity);
    }

    /// <summary>The terms of one field, and how well they answer one of the query's.</summary>
    private sealed class Field(HashSet<string> terms)
    {
        public int Count => terms.Count;

        public static Field Of(IReadOnlyCollection<string> terms) => new(new HashSet<string>(terms, StringComparer.Ordinal));

        /// <summary>0 to 1, and the field's term that it is about.</summary>
        public (double Quality, string? Term) Best(QueryTerm asked)
        {
            if (terms.Contains(asked.Text)) return (1, asked.Text);
            if (asked.Kind is TermKind.Pair) return (QualityOfPair(asked), null);
            return asked.Kind is TermKind.Word ? BestWord(asked.Text) : (0, null);
        }

        /// <summary>A single character of a pair is a weak hint, both apart from each other a better one.</summary>
        private double QualityOfPair(QueryTerm asked)
        {
            if (CommonWords.Contains(asked.Text)) return 0;
            var held = asked.Characters.Count(terms.Contains);
            return held == 2 ? 0.45 : held == 1 ? 0.12 : 0;
        }

        private (double, string?) BestWord(string asked)
        {
            var best = (Quality: 0.0, Term: (string?)null);
            // A long text is compared by its beginning: its writer could make it as long as it may be, of words made to be compared.
            foreach (var term in terms.Take(MaxCompared))
            {
                var quality = WordLikeness.Of(asked, term);
                if (quality > best.Quality) best = (quality, term);
            }

            return best;
        }
    }
}
