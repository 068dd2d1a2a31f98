namespace OpenClaw.Grains.Abstractions.Workspaces;

/// <summary>A piece of UTF-8 that may have been cut in the middle of a character.</summary>
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
}
