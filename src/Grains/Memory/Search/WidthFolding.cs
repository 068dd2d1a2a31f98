using System.Text;

namespace OpenClaw.Grains.Memory.Search;

/// <summary>
/// Makes full-width letters and digits plain, half-width kana full, and puts kana and their voicing marks together: what
/// <c>string.Normalize</c> would do if the product ran with ICU's data, which it does not.
/// </summary>
internal static class WidthFolding
{
    private const char Voiced = '\u3099';
    private const char SemiVoiced = '\u309a';
    private const char FirstHalfWidth = '\uff65';

    /// <summary>U+FF65 to U+FF9F, in their order (JIS X 0201).</summary>
    private const string HalfWidth = "・ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン\u3099\u309a";

    private const string CanBeVoiced = "かきくけこさしすせそたちつてとはひふへほカキクケコサシスセソタチツテトハヒフヘホ";
    private const string CanBeSemiVoiced = "はひふへほハヒフヘホ";

    /// <summary>The text in its usual width; half a surrogate pair becomes a space.</summary>
    public static string Fold(string text)
    {
        if (Ascii.IsValid(text)) return text;
        var folded = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (rune.Value is >= 0xff01 and <= 0xff5e) folded.Append((char)(rune.Value - 0xfee0));
            else if (rune.Value is >= FirstHalfWidth and < FirstHalfWidth + 59) AppendKana(folded, HalfWidth[rune.Value - FirstHalfWidth]);
            else if (rune.Value is Voiced or SemiVoiced) AppendKana(folded, (char)rune.Value);
            else if (rune == Rune.ReplacementChar) folded.Append(' ');
            else folded.Append(rune.ToString());
        }

        return folded.ToString();
    }

    private static void AppendKana(StringBuilder folded, char kana)
    {
        if (kana is not (Voiced or SemiVoiced))
        {
            folded.Append(kana);
            return;
        }

        if (folded.Length == 0) return;
        var last = folded[^1];
        if (kana is Voiced && CanBeVoiced.Contains(last, StringComparison.Ordinal)) folded[^1] = (char)(last + 1);
        else if (kana is SemiVoiced && CanBeSemiVoiced.Contains(last, StringComparison.Ordinal)) folded[^1] = (char)(last + 2);
        else if (kana is Voiced && last is 'ウ') folded[^1] = 'ヴ';
    }
}
