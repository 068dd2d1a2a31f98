using System.Globalization;
using System.Text;

namespace OpenClaw.Storage.Memory;

/// <summary>
/// Terms as the databases keep them: between spaces, with <c>|</c> between the fields, and before each the number of its
/// namespace, so that one index holds every namespace's terms apart.
/// </summary>
internal static class TermText
{
    private const char AfterNumber = '~';
    private const char BetweenFields = '|';

    public static string Write(long number, MemoryTerms terms)
    {
        var text = new StringBuilder();
        var prefix = Prefix(number);
        Append(text, prefix, terms.Key);
        text.Append(text.Length == 0 ? "" : " ").Append(BetweenFields);
        Append(text, prefix, terms.Metadata);
        text.Append(' ').Append(BetweenFields);
        Append(text, prefix, terms.Value);
        text.Append(' ').Append(BetweenFields);
        Append(text, prefix, terms.Marks);
        return text.ToString();
    }

    /// <summary>The terms of key, metadata and value.</summary>
    public static MemoryTerms Read(string text)
    {
        var fields = new List<string>[4];
        for (var index = 0; index < fields.Length; index++)
            fields[index] = [];
        var field = 0;
        foreach (var range in text.AsSpan().Split(' '))
        {
            var word = text.AsSpan(range);
            if (word is [BetweenFields])
                field = Math.Min(field + 1, fields.Length - 1);
            else if (word.IndexOf(AfterNumber) is var at and >= 0)
                fields[field].Add(word[(at + 1)..].ToString());
        }

        return new MemoryTerms(fields[0], fields[1], fields[2], fields[3]);
    }

    /// <summary>A term as it stands in the index.</summary>
    public static string Of(long number, string term) => string.Concat(Prefix(number), term);

    private static string Prefix(long number) => string.Create(CultureInfo.InvariantCulture, $"{number}{AfterNumber}");

    private static void Append(StringBuilder text, string prefix, IReadOnlyCollection<string> terms)
    {
        foreach (var term in terms)
            text.Append(text.Length == 0 ? "" : " ").Append(prefix).Append(term);
    }
}
