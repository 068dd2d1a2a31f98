using System.Text;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Memory;

/// <summary>Rows of <c>memory_entry</c>, in the order of the columns that the statements name.</summary>
internal static class MemoryRows
{
    /// <summary>What a row and its places in the indexes take, whatever it holds. The terms take their room twice: as they are, and in the index.</summary>
    private const long RowBytes = 512;

    public static MemoryEntryState ReadWhole(ISqlRow row) => Read(row).Entry with
    {
        Previous = new MemoryPreviousState
        {
            Kind = (MemoryPreviousKind)row.GetInt64(15),
            CreatedAt = row.GetTimeOrNull(16),
            ExpiresAt = row.GetTimeOrNull(17),
            Metadata = row.GetBytesOrNull(18),
            Value = row.GetBytesOrNull(19),
        },
    };

    /// <summary>Without what is needed to undo the last change.</summary>
    public static MemoryRow Read(ISqlRow row) => new(row.GetInt64(0), new MemoryEntryState
    {
        Key = row.GetText(1),
        Version = row.GetInt64(2),
        ChangeId = new Guid(row.GetBytes(3)),
        Category = row.GetTextOrNull(4),
        CreatedAt = row.GetTime(5),
        UpdatedAt = row.GetTime(6),
        ExpiresAt = row.GetTimeOrNull(7),
        DeletedAt = row.GetTimeOrNull(8),
        KeyId = row.GetTextOrNull(9),
        RequestId = row.GetTextOrNull(10),
        SessionId = row.GetTextOrNull(11),
        TurnId = row.GetTextOrNull(12),
        Metadata = row.GetBytesOrNull(13),
        Value = row.GetBytesOrNull(14),
    });

    public static SqlValue[] ToParameters(string tenant, string name, long number, MemoryWrite write, string terms)
    {
        var entry = write.Entry;
        var previous = entry.Previous;
        return
        [
            SqlValue.Of(tenant), SqlValue.Of(name), SqlValue.Of(entry.Key), SqlValue.Of(entry.Version), SqlValue.Of(entry.ChangeId),
            SqlValue.Of(entry.Category), SqlValue.Of(entry.CreatedAt), SqlValue.Of(entry.UpdatedAt), SqlValue.Of(entry.ExpiresAt),
            SqlValue.Of(entry.DeletedAt), SqlValue.Of(entry.KeyId), SqlValue.Of(entry.RequestId), SqlValue.Of(entry.SessionId),
            SqlValue.Of(entry.TurnId), SqlValue.Of(BytesOf(entry, terms)), SqlValue.Of((long)previous.Kind), SqlValue.Of(previous.CreatedAt),
            SqlValue.Of(previous.ExpiresAt), SqlValue.Of(terms), SqlValue.Of(entry.Metadata), SqlValue.Of(entry.Value),
            SqlValue.Of(previous.Metadata), SqlValue.Of(previous.Value),
            SqlValue.Of((write.Expected ?? Guid.Empty).ToByteArray()), SqlValue.Of(number),
        ];
    }

    private static long BytesOf(MemoryEntryState entry, string terms) =>
        RowBytes + Encoding.UTF8.GetByteCount(entry.Key) + (2L * Encoding.UTF8.GetByteCount(terms)) + Length(entry.Value) + Length(entry.Metadata) + Length(entry.Previous.Value) + Length(entry.Previous.Metadata);

    private static long Length(byte[]? bytes) => bytes?.Length ?? 0;
}
