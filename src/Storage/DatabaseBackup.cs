using OpenClaw.Storage.Sqlite;

namespace OpenClaw.Storage;

/// <summary>A copy of the embedded database's two files as they were at one moment, while a server writes to them.</summary>
public static class DatabaseBackup
{
    /// <summary>Copies the databases into a folder, which is made when it is not there.</summary>
    /// <exception cref="InvalidOperationException">The database is not an embedded one, is not there, or the folder holds a backup already.</exception>
    /// <exception cref="StorageUnavailableException">A file cannot be read or written, or another process holds a lock for too long.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is missing or not known.</exception>
    public static void Run(StorageOptions options, string folder)
    {
        if (!options.IsEmbedded)
            throw new InvalidOperationException("This database is PostgreSQL's: back it up with pg_dump, see docs/operations.md.");
        SqliteBackup.Run([options.SessionDatabasePath, options.OrleansDatabasePath], Path.GetFullPath(folder));
    }
}
