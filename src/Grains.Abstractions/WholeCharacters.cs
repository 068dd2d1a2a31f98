namespace OpenClaw.Grains.Abstractions;

/// <summary>A piece of text that may have been cut in the middle of a character.</summary>
public static class WholeCharacters
{
    /// <summary>The bytes without the beginning of a character whose rest is missing at their end.</summary>
    public static ReadOnlySpan<byte> Of(ReadOnlySpan<byte> utf8)
    {
        // A character has at most four bytes; the first tells how many, see RFC 3629.
        for (var back = 1; back <= Math.Min(3, utf8.Length); back++)
        {
            var lead = utf8[^back];
            if ((lead & 0xc0) == 0x80) continue;
            var length = lead switch { >= 0xf0 => 4, >= 0xe0 => 3, >= 0xc0 => 2, _ => 1 };
            return length > back ? utf8[..^back] : utf8;
        }

        return utf8;
    }

    /// <summary>At most <paramref name="most"/> UTF-16 units from the beginning, without half of a surrogate pair at their end.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="most">1 or more.</param>
    public static ReadOnlySpan<char> Of(ReadOnlySpan<char> text, int most) =>
        text.Length <= most ? text : text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)];

    /// <summary>The same, as a text of its own.</summary>
    public static string Of(string text, int most) => text.Length <= most ? text : Of(text.AsSpan(), most).ToString();
}
