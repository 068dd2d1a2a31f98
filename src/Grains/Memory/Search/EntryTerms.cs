using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenClaw.Storage.Memory;

namespace OpenClaw.Grains.Memory.Search;

/// <summary>The terms that an entry is found by.</summary>
internal static class EntryTerms
{
    /// <summary>Of metadata or value, in UTF-16 units of their names and texts; what stands behind is kept and not found.</summary>
    public const int MaxText = 64 * 1024;

    /// <summary>Different terms of one field; further ones are not found.</summary>
    public const int MaxTerms = 3000;

    /// <summary>Words of one entry that are found when they are written with a slip.</summary>
    private const int MaxReversed = 500;

    /// <param name="key">The entry's key.</param>
    /// <param name="metadata">JSON in UTF-8, or empty.</param>
    /// <param name="value">JSON in UTF-8.</param>
    /// <param name="category">Lists and searches filter by it; null for none.</param>
    public static MemoryTerms Of(string key, ReadOnlyMemory<byte> metadata, ReadOnlyMemory<byte> value, string? category)
    {
        var keyTerms = Cut(key);
        var metadataTerms = Cut(TextOf(metadata));
        var valueTerms = Cut(TextOf(value));
        return new MemoryTerms(keyTerms, metadataTerms, valueTerms, MarksOf(key, keyTerms, [.. keyTerms, .. metadataTerms, .. valueTerms], category));
    }

    /// <summary>Stands for a whole key, whatever characters that has; case and spaces around it aside.</summary>
    public static string WholeKeyMark(string key) =>
        $"@={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key.Trim().ToLowerInvariant())).AsSpan(0, 8))}";

    /// <summary>Stands for a term in a key, which says more than one elsewhere.</summary>
    public static string KeyMark(string term) => $"@{term}";

    /// <summary>Stands for a category in the index, whatever characters that has.</summary>
    public static string CategoryMark(string category) =>
        $"={Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(category)).AsSpan(0, 8))}";

    /// <summary>Stands for a word from behind, so that its end is found.</summary>
    public static string ReversedMark(string word) => $"!{TextTokenizer.Reverse(word)}";

    /// <summary>The names and values of a document, as text.</summary>
    public static string TextOf(ReadOnlyMemory<byte> json)
    {
        if (json.IsEmpty) return "";
        using var document = JsonDocument.Parse(json);
        var text = new StringBuilder();
        Append(text, document.RootElement);
        return text.ToString();
    }

    private static HashSet<string> Cut(string text)
    {
        var terms = new HashSet<string>(StringComparer.Ordinal);
        TextTokenizer.Tokenize(text, (term, _) =>
        {
            if (terms.Count < MaxTerms) terms.Add(term);
        });
        return terms;
    }

    private static List<string> MarksOf(string key, HashSet<string> keyTerms, HashSet<string> terms, string? category)
    {
        var marks = terms
            .Where(term => term.Length >= TextTokenizer.LeastLongWord && !term.Any(char.IsSurrogate))
            .Take(MaxReversed)
            .Select(ReversedMark)
            .ToList();
        marks.Add(WholeKeyMark(key));
        marks.AddRange(keyTerms.Select(KeyMark));
        if (category is not null) marks.Add(CategoryMark(category));
        return marks;
    }

    private static void Append(StringBuilder text, JsonElement element)
    {
        if (text.Length >= MaxText) return;
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var member in element.EnumerateObject())
                {
                    Add(text, member.Name);
                    Append(text, member.Value);
                }

                break;
            case JsonValueKind.Array:
                foreach (var item in element.EnumerateArray()) Append(text, item);
                break;
            case JsonValueKind.String:
                Add(text, element.GetString()!);
                break;
            case JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False:
                Add(text, element.GetRawText());
                break;
        }
    }

    private static void Add(StringBuilder text, string part) =>
        text.Append(part.AsSpan(0, Math.Min(part.Length, Math.Max(0, MaxText - text.Length)))).Append('\n');
}
