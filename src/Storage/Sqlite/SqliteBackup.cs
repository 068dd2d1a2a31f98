using Microsoft.Data.Sqlite;

namespace OpenClaw.Storage.Sqlite;

/// <summary>
/// Copies several database files as they were at one moment. A row of one file and a state in the other belong together
/// (an API key and its place in the list): copied one after the other, a key made in between would work and be in no list.
/// </summary>
internal static class SqliteBackup
{
    private const int LockTimeoutSeconds = 30;

    public static void Run(IReadOnlyList<string> paths, string folder)
    {
        foreach (var path in paths)
        {
            if (!File.Exists(path))
                throw new InvalidOperationException($"There is no database at {path}: check OpenClaw:DataDirectory.");
            if (File.Exists(Target(folder, path)))
                throw new InvalidOperationException($"{Target(folder, path)} is there already: name an empty folder.");
        }

        var readers = new List<SqliteConnection>();
        try
        {
            Directory.CreateDirectory(folder);
            OpenAtOneMoment(paths, readers);
            for (var index = 0; index < paths.Count; index++)
                Copy(readers[index], Target(folder, paths[index]));
        }
        catch (Exception failure) when (failure is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw new StorageUnavailableException($"The backup to {folder} failed: {failure.Message}", failure);
        }
        finally
        {
            foreach (var reader in readers)
                reader.Dispose();
        }
    }

    /// <summary>
    /// Opens a reader on each file and fixes what it sees while a lock keeps every writer out of all of them. The lock is
    /// held for the moment that this takes; the copying that follows is in nobody's way.
    /// </summary>
    private static void OpenAtOneMoment(IReadOnlyList<string> paths, List<SqliteConnection> readers)
    {
        using var gate = Open(paths[0], SqliteOpenMode.ReadWrite);
        for (var index = 1; index < paths.Count; index++)
        {
            using var attach = gate.CreateCommand();
            attach.CommandText = $"ATTACH DATABASE $path AS other{index}";
            attach.Parameters.AddWithValue("$path", paths[index]);
            attach.ExecuteNonQuery();
        }

        // Takes the write lock of every attached file.
        Execute(gate, "BEGIN IMMEDIATE");
        foreach (var path in paths)
        {
            var reader = Open(path, SqliteOpenMode.ReadWrite);
            readers.Add(reader);
            Execute(reader, "BEGIN");
            // A transaction sees the file as it is at its first reading.
            Execute(reader, "SELECT count(*) FROM sqlite_master");
        }

        Execute(gate, "ROLLBACK");
    }

    /// <summary>Under a name of its own until it is whole.</summary>
    private static void Copy(SqliteConnection reader, string target)
    {
        var partial = target + ".partial";
        File.Delete(partial);
        using (var copy = Open(partial, SqliteOpenMode.ReadWriteCreate))
            reader.BackupDatabase(copy);
        File.Move(partial, target);
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = LockTimeoutSeconds,
        }.ToString());
        connection.Open();
        return connection;
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteScalar();
    }

    private static string Target(string folder, string path) => Path.Combine(folder, Path.GetFileName(path));
}
