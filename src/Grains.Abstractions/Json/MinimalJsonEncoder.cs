using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace OpenClaw.Grains.Abstractions.Json;

/// <summary>
/// Escapes what JSON demands (RFC 8259, section 7) and what some readers of event streams take for the end of a line
/// (DEL and C1 controls, U+2028, U+2029) or swallow (U+FEFF); all other text, emoji and ideographic space included, stays readable.
/// </summary>
/// <remarks>
/// <see cref="JavaScriptEncoder.UnsafeRelaxedJsonEscaping"/> escapes every character beyond the basic plane. Not for JSON
/// inside HTML: <c>&lt;</c> stays as it is, so answers carry their media type and <c>nosniff</c>.
/// </remarks>
public sealed class MinimalJsonEncoder : JavaScriptEncoder
{
    private static readonly SearchValues<char> Escaped = SearchValues.Create(
        string.Concat(Enumerable.Range(0, 0xA0).Where(IsEscaped).Select(c => ((char)c).ToString())) + "\u2028\u2029\uFEFF");

    private MinimalJsonEncoder()
    {
    }

    public static MinimalJsonEncoder Instance { get; } = new();

    /// <summary><c>\uXXXX</c>.</summary>
    public override int MaxOutputCharactersPerInputCharacter => 6;

    public override bool WillEncode(int unicodeScalar) => IsEscaped(unicodeScalar);

    public override unsafe int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var span = new ReadOnlySpan<char>(text, textLength);
        var escaped = span.IndexOfAny(Escaped);
        var clean = escaped < 0 ? span : span[..escaped];
        var at = clean.IndexOfAnyInRange('\uD800', '\uDFFF');
        while (at >= 0)
        {
            if (Rune.DecodeFromUtf16(clean[at..], out _, out var consumed) != OperationStatus.Done)
                return at;
            var next = clean[(at + consumed)..].IndexOfAnyInRange('\uD800', '\uDFFF');
            at = next < 0 ? -1 : at + consumed + next;
        }

        return escaped;
    }

    public override unsafe bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var output = new Span<char>(buffer, bufferLength);
        if (!IsEscaped(unicodeScalar))
            return new Rune(unicodeScalar).TryEncodeToUtf16(output, out numberOfCharactersWritten);

        if (ShortForm(unicodeScalar) is { } letter)
        {
            numberOfCharactersWritten = 0;
            if (output.Length < 2)
                return false;
            output[0] = '\\';
            output[1] = letter;
            numberOfCharactersWritten = 2;
            return true;
        }

        return output.TryWrite(CultureInfo.InvariantCulture, $"\\u{unicodeScalar:X4}", out numberOfCharactersWritten);
    }

    private static bool IsEscaped(int scalar) =>
        scalar is < 0x20 or '"' or '\\' or (>= 0x7F and <= 0x9F) or 0x2028 or 0x2029 or 0xFEFF;

    private static char? ShortForm(int scalar) => scalar switch
    {
        '"' => '"',
        '\\' => '\\',
        '\b' => 'b',
        '\f' => 'f',
        '\n' => 'n',
        '\r' => 'r',
        '\t' => 't',
        _ => null,
    };
}
