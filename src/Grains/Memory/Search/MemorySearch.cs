using OpenClaw.Grains.Abstractions.Memory;
using OpenClaw.Storage.Memory;

namespace OpenClaw.Grains.Memory.Search;

/// <summary>
/// Finds entries by their text. The database tells which entries hold a term, a bounded number for each; those that hold the most
/// of the query are read, a piece at a time, and scored.
/// </summary>
internal sealed class MemorySearch(IMemoryStore store, TimeProvider time)
{
    /// <summary>Entries looked at for each term of the query.</summary>
    private const int PerTerm = 1000;

    /// <summary>Entries looked at for each way to come near a term that no entry holds.</summary>
    private const int PerGuess = 300;

    /// <summary>Of a word that so many entries hold, those that hold a longer one are not looked for: the database would go through all of them.</summary>
    private const int Enough = 50;

    private const int LargeNamespace = 10_000;

    /// <summary>Entries that are scored.</summary>
    private const int MaxScored = 200;

    /// <summary>Words of a query for which other ways are gone: the database goes through all words with the same beginning.</summary>
    private const int MaxGuessed = 8;

    /// <summary>Entries whose terms are in memory at once: of one entry they may be a megabyte.</summary>
    private const int ReadAtOnce = 50;

    /// <summary>Of each of the terms that many entries hold, for those that hold them all.</summary>
    private const double CutWeight = 0.1;

    /// <summary>Before all others.</summary>
    private const double WholeKeyWeight = 1e9;

    /// <summary>Terms that are looked for side by side.</summary>
    private const int AtOnce = 4;

    /// <summary>Of a term that a key holds, beside one that stands elsewhere.</summary>
    private const double InKeyWeight = 1.5;

    /// <summary>Of a term that is only nearly held, beside one that is.</summary>
    private const double GuessWeight = 0.6;

    /// <summary>Ids of entries with their scores, the best first, at most <paramref name="limit"/>.</summary>
    /// <param name="key">The namespace.</param>
    /// <param name="state">The namespace's row.</param>
    /// <param name="query">What is looked for.</param>
    /// <param name="category">Entries of this category alone; null for all.</param>
    /// <param name="limit">Results at most.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    public async Task<IReadOnlyList<ScoredEntry>> FindAsync(
        MemoryNamespaceKey key, MemoryNamespaceState state, string query, string? category, int limit, CancellationToken cancellationToken)
    {
        var terms = QueryTerms.Of(query);
        var candidates = new Candidates();
        var guessed = 0;
        var filter = category is null ? null : EntryTerms.CategoryMark(category);
        var ways = new List<List<(IReadOnlyList<long> Ids, double Weight)>>();
        foreach (var some in terms.Chunk(AtOnce))
            ways.AddRange(await Task.WhenAll(some.Select(FindTermAsync)));

        var score = new MemoryScore(terms, state.Entries, time);
        for (var index = 0; index < ways.Count; index++)
            candidates.Add(ways[index].Select(way => (way.Ids, way.Weight * score.WeightOf(index))));

        // Of terms that many entries hold not all were looked at: those that hold all of them are looked for by themselves.
        string[] cut = [.. terms.Where(term => term.Entries == PerTerm).Select(term => term.Text)];
        if (cut.Length > 1) candidates.Add([(await MatchAllAsync(cut, false, MaxScored), cut.Length * CutWeight)]);

        candidates.Add([(await MatchAsync(EntryTerms.WholeKeyMark(query), false, PerGuess), WholeKeyWeight)]);

        var scored = new List<ScoredEntry>();
        foreach (var piece in candidates.Best(MaxScored).Chunk(ReadAtOnce))
        {
            foreach (var entry in await store.ReadTermsAsync(key, piece, cancellationToken))
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (category is null || entry.Category == category) scored.Add(new ScoredEntry(entry.Id, ScoreOf(entry)));
            }
        }

        return [.. scored
            .Where(entry => entry.Score >= MemoryScore.Least)
            .OrderByDescending(entry => entry.Score)
            .ThenByDescending(entry => entry.Id)
            .Take(limit)];

        async Task<List<(IReadOnlyList<long> Ids, double Weight)>> FindTermAsync(QueryTerm term)
        {
            var ids = await MatchAsync(term.Text, false, PerTerm);
            term.Entries = ids.Count;
            List<(IReadOnlyList<long>, double)> found = [(ids, 1)];
            // Not all were looked at: those that have it in their key are not to be missed.
            if (ids.Count == PerTerm) found.Insert(0, (await MatchAsync(EntryTerms.KeyMark(term.Text), false, PerGuess), InKeyWeight));
            if (term.Kind is TermKind.Word && Interlocked.Increment(ref guessed) > MaxGuessed) return found;
            foreach (var (guess, isPrefix) in GuessesAt(term, state.Entries))
                found.Add((await MatchAsync(guess, isPrefix, PerGuess), GuessWeight));
            return found;
        }

        ValueTask<IReadOnlyList<long>> MatchAsync(string term, bool isPrefix, int most) => MatchAllAsync([term], isPrefix, most);

        ValueTask<IReadOnlyList<long>> MatchAllAsync(string[] all, bool isPrefix, int most) =>
            store.MatchAsync(state.Number, filter is null ? all : [.. all, filter], isPrefix, most, cancellationToken);

        double ScoreOf(MemoryTermRow entry) => string.Equals(entry.Key, query.Trim(), StringComparison.OrdinalIgnoreCase)
            ? score.OfSameKey(entry.UpdatedAt)
            : score.Of(entry);
    }

    /// <summary>Ways to entries that hold no such term, but one like it.</summary>
    private static IEnumerable<(string Term, bool IsPrefix)> GuessesAt(QueryTerm term, long entries)
    {
        if (term.Kind is TermKind.Pair)
        {
            return term.Entries == 0 && !CommonWords.Contains(term.Text) ? term.Characters.Select(character => (character, false)) : [];
        }

        if (term.Kind is not TermKind.Word || term.Text.Length < WordLikeness.LeastPrefix || term.Entries >= Enough || CommonWords.Contains(term.Text)) return [];
        var guesses = new List<(string, bool)> { (term.Text, true) };
        if (term.Entries > 0) return guesses;
        if (term.Text.Length >= TextTokenizer.LeastLongWord - 1)
        {
            // A slip leaves one half of the word as it is. Of two letters, in a large namespace, the database would go through too many words.
            var half = Math.Max(entries > LargeNamespace ? 3 : 2, term.Text.Length / 2);
            guesses.Add((term.Text[..half], true));
            guesses.Add((EntryTerms.ReversedMark(term.Text)[..(half + 1)], true));
        }

        return guesses;
    }

    /// <summary>Entries that may be answers, by how much of the query they hold.</summary>
    private sealed class Candidates
    {
        private readonly Dictionary<long, double> _held = [];

        /// <summary>Adds what the ways to one term have found; an entry counts by the best of them.</summary>
        public void Add(IEnumerable<(IReadOnlyList<long> Ids, double Weight)> ways)
        {
            var added = new HashSet<long>();
            foreach (var (ids, weight) in ways)
            {
                foreach (var id in ids)
                {
                    if (added.Add(id)) _held[id] = _held.GetValueOrDefault(id) + weight;
                }
            }
        }

        public IReadOnlyCollection<long> Best(int most) =>
            [.. _held.OrderByDescending(entry => entry.Value).ThenByDescending(entry => entry.Key).Take(most).Select(entry => entry.Key)];
    }
}

/// <summary>An entry that answers a query.</summary>
internal sealed record ScoredEntry(long Id, double Score);
