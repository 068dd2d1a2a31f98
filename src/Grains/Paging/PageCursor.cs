using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OpenClaw.Grains.Paging;

/// <summary>
/// A position in a list ordered by creation and id, as the opaque text that clients hand back: base64url of a version, the
/// list, the time in 100 ns since year 1 (8 bytes, big-endian) and the id in UTF-8.
/// </summary>
internal sealed record PageCursor(PagedList List, DateTimeOffset CreatedAt, string Id)
{
    private const byte Version = 1;
    private const int HeaderLength = 2 + sizeof(long);
    private const int MaxIdLength = 200;
    private const int MaxTextLength = (HeaderLength + MaxIdLength) * 4 / 3 + 1;

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>False when the text is not a cursor of this list.</summary>
    public static bool TryParse(string text, PagedList list, [NotNullWhen(true)] out PageCursor? cursor)
    {
        cursor = null;
        if (text.Length > MaxTextLength || !Base64Url.IsValid(text))
            return false;
        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length <= HeaderLength || bytes[0] != Version || bytes[1] != (byte)list)
            return false;
        var ticks = BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(2));
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.UtcTicks)
            return false;
        try
        {
            cursor = new PageCursor(list, new DateTimeOffset(ticks, TimeSpan.Zero), Strict.GetString(bytes.AsSpan(HeaderLength)));
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }

    public override string ToString()
    {
        var bytes = new byte[HeaderLength + Strict.GetByteCount(Id)];
        bytes[0] = Version;
        bytes[1] = (byte)List;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(2), CreatedAt.UtcTicks);
        Strict.GetBytes(Id, bytes.AsSpan(HeaderLength));
        return Base64Url.EncodeToString(bytes);
    }
}

/// <summary>Which list a cursor belongs to. Part of cursors that clients hold: the values are for good.</summary>
internal enum PagedList : byte
{
    Sessions = 1,
    Tenants = 2,
    ApiKeys = 3,

    SkillRuns = 4,

    Webhooks = 60,

    Tasks = 20,

    /// <summary>The id of its cursors says whether the run was asked for.</summary>
    TaskRuns = 21,

    /// <summary>In the order of its keys: the time of its cursors says nothing.</summary>
    ActiveSessions = 30,
}
