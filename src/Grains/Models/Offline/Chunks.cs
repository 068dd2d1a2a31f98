using System.Globalization;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>Cuts an answer into pieces such as models stream: a word with what follows it, or two Chinese characters.</summary>
internal static class Chunks
{
    private const int IdeographsInChunk = 2;

    public static IEnumerable<string> Of(string text)
    {
        var start = 0;
        var position = 0;
        var ideographs = 0;
        while (position < text.Length)
        {
            // Whole grapheme clusters, so that no chunk ends inside a character.
            var length = StringInfo.GetNextTextElementLength(text, position);
            var first = text[position];
            position += length;
            ideographs += first >= '\u2e80' ? 1 : 0;
            var endsWord = char.IsWhiteSpace(first) && (position == text.Length || !char.IsWhiteSpace(text[position]));
            if (!endsWord && ideographs < IdeographsInChunk) continue;
            yield return text[start..position];
            start = position;
            ideographs = 0;
        }

        if (start < text.Length) yield return text[start..];
    }
}
