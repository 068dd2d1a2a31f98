using System.Globalization;
using OpenClaw.Storage.Migrations;
using SQLitePCL;

namespace OpenClaw.Storage.Sqlite;

/// <summary>A database file under migration.</summary>
internal sealed class SqliteMigrationTarget : IMigrationTarget
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(20);

    private readonly SqliteHandle _handle;

    private SqliteMigrationTarget(string path, SqliteHandle handle)
    {
        Location = path;
        _handle = handle;
    }

    public string Location { get; }

    /// <exception cref="StorageUnavailableException">The directory or the file cannot be made, read or written.</exception>
    public static SqliteMigrationTarget Open(string path)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return new SqliteMigrationTarget(path, SqliteHandle.Open(path, LockTimeout));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or SqliteFailure)
        {
            throw Unavailable(path, exception);
        }
    }

    public ValueTask<int> ReadVersionAsync(string component, CancellationToken cancellationToken) => ValueTask.FromResult(Guard(() =>
    {
        if (_handle.Query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_version'") is null)
            return 0;
        using var statement = _handle.Prepare("SELECT COALESCE(max(version), 0) FROM schema_version WHERE component = $1");
        statement.Bind(1, component);
        statement.Step();
        return (int)statement.GetInt64(0);
    }));

    public async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        // SQLite's own page size, 4 KiB: with 8 KiB the file is half as large, since events of 1 to 2 KiB lie in their page
        // whole, but each turn writes a third more to the disk, and that is what bounds the turns.
        Execute("PRAGMA page_size = 4096");
        var begin = TimeProvider.System.GetTimestamp();
        while (!TryUseWriteAheadLog())
        {
            // SQLite does not wait for this lock by itself.
            if (TimeProvider.System.GetElapsedTime(begin) > LockTimeout)
                throw new StorageUnavailableException($"The database {Location} is locked by another process.", new TimeoutException());
            await Task.Delay(RetryAfter, cancellationToken);
        }

        Execute("BEGIN IMMEDIATE");
        Execute(MigrationRunner.VersionTable);
    }

    public ValueTask ApplyAsync(string component, Migration migration, CancellationToken cancellationToken)
    {
        Guard(() =>
        {
            _handle.Execute(migration.Sql);
            using var statement = _handle.Prepare("INSERT INTO schema_version (component, version, name) VALUES ($1, $2, $3)");
            statement.Bind(1, component);
            statement.Bind(2, migration.Version);
            statement.Bind(3, migration.Name);
            return statement.Run();
        });
        return ValueTask.CompletedTask;
    }

    public ValueTask CommitAsync(CancellationToken cancellationToken)
    {
        Execute("COMMIT");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _handle.Dispose();
        return ValueTask.CompletedTask;
    }

    private bool TryUseWriteAheadLog()
    {
        try
        {
            return string.Equals(_handle.Query("PRAGMA journal_mode = WAL"), "wal", StringComparison.Ordinal);
        }
        catch (SqliteFailure failure) when (failure.Code is raw.SQLITE_BUSY or raw.SQLITE_LOCKED)
        {
            return false;
        }
        catch (SqliteFailure failure)
        {
            throw Unavailable(Location, failure);
        }
    }

    private void Execute(string sql) => Guard(() =>
    {
        _handle.Execute(sql);
        return 0;
    });

    private int Guard(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (SqliteFailure failure)
        {
            throw Unavailable(Location, failure);
        }
    }

    private static StorageUnavailableException Unavailable(string path, Exception exception) => new(
        string.Create(CultureInfo.InvariantCulture, $"The database {path} cannot be opened: {exception.Message} Check OpenClaw:DataDirectory."),
        exception);
}
