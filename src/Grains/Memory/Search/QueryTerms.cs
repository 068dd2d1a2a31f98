namespace OpenClaw.Grains.Memory.Search;

/// <summary>What a query asks for.</summary>
internal static class QueryTerms
{
    /// <summary>Different terms of one query; further ones are not looked for.</summary>
    public const int MaxTerms = 32;

    /// <summary>
    /// Words and pairs in their order. A compound is asked for by its parts, a run of characters by its pairs: the entry may have
    /// more around them.
    /// </summary>
    public static IReadOnlyList<QueryTerm> Of(string query)
    {
        var terms = new Dictionary<string, QueryTerm>(StringComparer.Ordinal);
        TextTokenizer.Tokenize(query, (term, kind) =>
        {
            if (kind is TermKind.Compound or TermKind.PairedCharacter || terms.Count == MaxTerms) return;
            terms.TryAdd(term, new QueryTerm(term, kind));
        });
        return [.. terms.Values];
    }
}

/// <summary>A term of a query.</summary>
/// <param name="Text">The term.</param>
/// <param name="Kind">What it is of the query's text.</param>
internal sealed record QueryTerm(string Text, TermKind Kind)
{
    /// <summary>Entries that hold the term itself, as far as was looked.</summary>
    public int Entries { get; set; }

    /// <summary>The two characters of a pair; empty for all else.</summary>
    public IReadOnlyList<string> Characters { get; } = Kind is TermKind.Pair ? [.. Text.EnumerateRunes().Select(rune => rune.ToString())] : [];
}
