using SQLitePCL;

namespace OpenClaw.Storage.Sqlite;

/// <summary>SQLite answered with an error. <see cref="Code"/> is the primary result code (<c>sqlite3.h</c>).</summary>
/// <remarks>Crosses grain calls as the cause of a <see cref="StorageUnavailableException"/>, so it has a codec.</remarks>
[GenerateSerializer, Alias("OpenClaw.SqliteFailure")]
internal sealed class SqliteFailure(int extendedCode, string message)
    : Exception($"SQLite error {extendedCode}: {message}.")
{
    [Id(0)]
    private readonly int _extendedCode = extendedCode;

    public int Code => _extendedCode & 0xff;

    /// <summary>The exception that the asker sees: a broken rule of the schema is a fault of ours, all else is the database's.</summary>
    public Exception Translate() => Code is raw.SQLITE_CONSTRAINT or raw.SQLITE_MISUSE or raw.SQLITE_RANGE or raw.SQLITE_TOOBIG or raw.SQLITE_MISMATCH
        ? new InvalidOperationException(Message, this)
        : new StorageUnavailableException(
            Code switch
            {
                raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "The database is locked by another process.",
                raw.SQLITE_FULL => "The database's disk is full.",
                raw.SQLITE_CANTOPEN or raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => "The database file cannot be opened and written.",
                raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB => "The database file is damaged.",
                _ => "The database cannot be read or written.",
            },
            this);
}
