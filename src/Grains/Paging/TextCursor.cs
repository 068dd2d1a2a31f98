using System.Buffers.Text;
using System.Text;

namespace OpenClaw.Grains.Paging;

/// <summary>A place in a list ordered by a text (a path, a key) as the opaque text that clients hand back: base64url of the list and the text in UTF-8.</summary>
internal static class TextCursor
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static string Write(TextListKind list, string place) => Base64Url.EncodeToString([(byte)list, .. Strict.GetBytes(place)]);

    /// <returns>Null when the text is no cursor of this list.</returns>
    public static string? Read(TextListKind list, string text)
    {
        if (!Base64Url.IsValid(text)) return null;
        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length < 2 || bytes[0] != (byte)list) return null;
        try
        {
            return Strict.GetString(bytes.AsSpan(1));
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}

/// <summary>Which list a cursor belongs to. Part of cursors that clients hold: the values are for good.</summary>
internal enum TextListKind : byte
{
    Directory = 40,
    FileSearch = 41,
    Memory = 50,

    /// <summary>By the numbers of their events.</summary>
    WebhookDeliveries = 60,
}
