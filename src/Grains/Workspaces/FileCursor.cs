using System.Buffers.Text;
using System.Text;

namespace OpenClaw.Grains.Workspaces;

/// <summary>A place in a list of files as the opaque text that clients hand back: base64url of the list and the path in UTF-8.</summary>
internal static class FileCursor
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    public static string Write(FileListKind list, string place) => Base64Url.EncodeToString([(byte)list, .. Strict.GetBytes(place)]);

    /// <returns>Null when the text is no cursor of this list.</returns>
    public static string? Read(FileListKind list, string text)
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
internal enum FileListKind : byte
{
    Directory = 40,
    Search = 41,
}
