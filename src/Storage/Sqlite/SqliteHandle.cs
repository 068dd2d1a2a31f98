using SQLitePCL;

namespace OpenClaw.Storage.Sqlite;

/// <summary>A connection to a database file, used by one thread at a time.</summary>
internal sealed class SqliteHandle : IDisposable
{
    private readonly sqlite3 _database;

    static SqliteHandle() => Batteries_V2.Init();

    private SqliteHandle(sqlite3 database) => _database = database;

    /// <summary>Rows that the last statement changed, those of its triggers not counted.</summary>
    public int Changes => raw.sqlite3_changes(_database);

    public bool InTransaction => raw.sqlite3_get_autocommit(_database) == 0;

    /// <summary>Opens a file, and makes it when there is none.</summary>
    /// <param name="path">The database file.</param>
    /// <param name="busyTimeout">How long to wait for a lock that another process holds.</param>
    /// <exception cref="SqliteFailure">The file cannot be opened.</exception>
    public static SqliteHandle Open(string path, TimeSpan busyTimeout)
    {
        var code = raw.sqlite3_open_v2(
            path, out var database, raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE | raw.SQLITE_OPEN_NOMUTEX, null);
        var handle = new SqliteHandle(database);
        try
        {
            handle.Check(code);
            handle.Check(raw.sqlite3_extended_result_codes(database, 1));
            handle.SetBusyTimeout(busyTimeout);
            return handle;
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    public void SetBusyTimeout(TimeSpan timeout) => Check(raw.sqlite3_busy_timeout(_database, (int)timeout.TotalMilliseconds));

    /// <summary>Runs any number of statements and leaves out what they answer.</summary>
    public void Execute(string sql) => Check(raw.sqlite3_exec(_database, sql));

    public SqliteStatement Prepare(string sql)
    {
        // The statements are written for both databases; SQLite numbers its parameters ?1, ?2, ...
        Check(raw.sqlite3_prepare_v3(_database, sql.Replace('$', '?'), raw.SQLITE_PREPARE_PERSISTENT, out var statement));
        return new SqliteStatement(this, statement);
    }

    /// <summary>The first column of the first row, as text; null when there is no row.</summary>
    public string? Query(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.GetText(0) : null;
    }

    /// <summary>Pages this connection has written to the write-ahead log since it was last asked.</summary>
    public int TakePagesWritten()
    {
        Check(raw.sqlite3_db_status(_database, raw.SQLITE_DBSTATUS_CACHE_WRITE, out var pages, out _, 1));
        return pages;
    }

    /// <summary>Copies the write-ahead log into the database file.</summary>
    /// <param name="mode"><c>SQLITE_CHECKPOINT_*</c>.</param>
    /// <param name="logPages">Pages in the log.</param>
    /// <returns>False when another connection was in the way.</returns>
    public bool TryCheckpoint(int mode, out int logPages)
    {
        var code = raw.sqlite3_wal_checkpoint_v2(_database, "main", mode, out logPages, out _);
        if ((code & 0xff) == raw.SQLITE_BUSY)
            return false;
        Check(code);
        return true;
    }

    public void Check(int code)
    {
        if (code != raw.SQLITE_OK)
            throw Failure(code);
    }

    public SqliteFailure Failure(int code) => new(code, raw.sqlite3_errmsg(_database).utf8_to_string());

    public void Dispose() => _database.Dispose();
}
