using System.Globalization;
using System.Text;
using OpenClaw.Grains.Abstractions;

namespace OpenClaw.Grains.Memory.Search;

/// <summary>
/// Cuts text into terms, the same for what is stored and what is asked, whichever database holds it: words and numbers, with
/// the parts of camelCase and of letters that meet digits; characters of scripts without spaces alone and in pairs; emoji. Width
/// and case are folded, accents of Latin letters dropped, and English plurals made singular.
/// </summary>
internal static class TextTokenizer
{
    /// <summary>Of a term, in UTF-16 units; a longer word counts by its beginning.</summary>
    public const int MaxTermLength = 64;

    /// <summary>Words of so many letters and more can be written with a slip and be found.</summary>
    public const int LeastLongWord = 5;

    /// <summary>Calls <paramref name="take"/> with each term, in the order of the text.</summary>
    /// <param name="text">Any text; half a surrogate pair counts as a space.</param>
    /// <param name="take">Gets the term and what it is.</param>
    public static void Tokenize(string text, Action<string, TermKind> take)
    {
        var folded = WidthFolding.Fold(text);
        var word = new StringBuilder();
        var run = new List<Rune>();
        foreach (var rune in folded.EnumerateRunes())
        {
            var kind = KindOf(rune);
            if (kind is not RuneKind.Word) EndWord(word, take);
            if (kind is not RuneKind.Unspaced) EndRun(run, take);
            switch (kind)
            {
                case RuneKind.Word:
                    word.Append(rune.ToString());
                    break;
                case RuneKind.Unspaced:
                    run.Add(rune);
                    break;
                case RuneKind.Symbol:
                    take(rune.ToString(), TermKind.Character);
                    break;
            }
        }

        EndWord(word, take);
        EndRun(run, take);
    }

    /// <summary>A word turned round, so that what it ends with is what it begins with.</summary>
    public static string Reverse(string word) => string.Create(word.Length, word, static (reversed, word) =>
    {
        word.AsSpan().CopyTo(reversed);
        reversed.Reverse();
    });

    private static void EndWord(StringBuilder word, Action<string, TermKind> take)
    {
        if (word.Length == 0) return;
        var text = word.ToString();
        word.Clear();
        var parts = PartsOf(text);
        if (parts.Count > 1) take(TermOf(text), TermKind.Compound);
        foreach (var part in parts) take(TermOf(part), TermKind.Word);
    }

    /// <summary>getUserName2 is get, User, Name, 2; HTTPServer is HTTP, Server.</summary>
    private static List<string> PartsOf(string word)
    {
        var parts = new List<string>();
        var begin = 0;
        for (var at = 1; at < word.Length; at++)
        {
            var before = word[at - 1];
            var here = word[at];
            var isBorder = char.IsDigit(before) != char.IsDigit(here)
                || (char.IsLower(before) && char.IsUpper(here))
                || (char.IsUpper(before) && char.IsUpper(here) && at + 1 < word.Length && char.IsLower(word[at + 1]));
            if (!isBorder || char.IsSurrogate(here)) continue;
            parts.Add(word[begin..at]);
            begin = at;
        }

        parts.Add(word[begin..]);
        return parts;
    }

    private static string TermOf(string word)
    {
        var term = word.ToLowerInvariant();
        if (!Ascii.IsValid(term)) term = LatinAccents.Drop(term);
        if (term.Length == 0) term = word;
        return Singular(WholeCharacters.Of(term, MaxTermLength));
    }

    /// <summary>The "S stemmer" of D. Harman, "How effective is suffixing?" (1991): it makes no word another's.</summary>
    private static string Singular(string term)
    {
        if (term.Length < 4 || term[^1] != 's' || !Ascii.IsValid(term)) return term;
        if (term.EndsWith("ies", StringComparison.Ordinal) && term[^4] is not ('e' or 'a')) return string.Concat(term.AsSpan(0, term.Length - 3), "y");
        if (term[^2] is 'u' or 's') return term;
        return term[..^1];
    }

    private static void EndRun(List<Rune> run, Action<string, TermKind> take)
    {
        for (var at = 0; at < run.Count; at++)
        {
            take(run[at].ToString(), run.Count == 1 ? TermKind.Character : TermKind.PairedCharacter);
            if (at > 0) take(string.Concat(run[at - 1].ToString(), run[at].ToString()), TermKind.Pair);
        }

        run.Clear();
    }

    private static RuneKind KindOf(Rune rune)
    {
        if (rune.IsAscii) return char.IsAsciiLetterOrDigit((char)rune.Value) ? RuneKind.Word : RuneKind.Space;
        if (IsUnspaced(rune.Value)) return RuneKind.Unspaced;
        return Rune.GetUnicodeCategory(rune) switch
        {
            UnicodeCategory.UppercaseLetter or UnicodeCategory.LowercaseLetter or UnicodeCategory.TitlecaseLetter or UnicodeCategory.ModifierLetter
                or UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber
                or UnicodeCategory.SpacingCombiningMark => RuneKind.Word,
            // A mark belongs to the letter before it; those of emoji stand between symbols and part nothing that counts.
            UnicodeCategory.NonSpacingMark => rune.Value is >= 0xfe00 and <= 0xfe0f ? RuneKind.Space : RuneKind.Word,
            UnicodeCategory.OtherSymbol => RuneKind.Symbol,
            _ => RuneKind.Space,
        };
    }

    /// <summary>Scripts whose words are not told apart by spaces: Thai to Khmer, kana, Han, Hangul.</summary>
    private static bool IsUnspaced(int value) => value is
        (>= 0x0e00 and <= 0x0eff and not 0x0e3f) or (>= 0x1000 and <= 0x109f) or (>= 0x1780 and <= 0x17d3)
        or (>= 0x3005 and <= 0x3007) or (>= 0x3041 and <= 0x3096) or (>= 0x30a1 and <= 0x30fa) or 0x30fc
        or (>= 0x3105 and <= 0x312f) or (>= 0x3400 and <= 0x4dbf) or (>= 0x4e00 and <= 0x9fff) or (>= 0xac00 and <= 0xd7a3)
        or (>= 0xf900 and <= 0xfaff) or (>= 0x20000 and <= 0x323af);

    private enum RuneKind
    {
        Space,
        Word,
        Unspaced,
        Symbol,
    }
}

/// <summary>What a term is of the text that it was cut from.</summary>
internal enum TermKind
{
    /// <summary>A word or number, or a part of a compound.</summary>
    Word,

    /// <summary>A word whose parts are terms as well.</summary>
    Compound,

    /// <summary>Two characters side by side, of a script without spaces.</summary>
    Pair,

    /// <summary>A character that has neighbours, with which it makes pairs.</summary>
    PairedCharacter,

    /// <summary>A character that stands alone, or a symbol.</summary>
    Character,
}
