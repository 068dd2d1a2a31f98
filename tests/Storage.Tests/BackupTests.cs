using Microsoft.Data.Sqlite;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Storage.Tests;

/// <summary>The copy of the embedded database.</summary>
public sealed class BackupTests() : StorageTest(DatabaseKind.Sqlite)
{
    private string Folder => Path.Combine(Options.DataDirectory, "backup");

    [Fact]
    public async Task A_copy_opens_as_a_database_and_holds_what_was_written()
    {
        var session = await AppendAsync(await CreateAsync("s_1"), Message(1), Done(2));

        DatabaseBackup.Run(Options, Folder);
        await AppendAsync(session, Message(3, "later"));

        Assert.Equal(["openclaw.db", "orleans.db"], Directory.GetFiles(Folder).Select(Path.GetFileName).Order());
        await DatabaseMigrator.MigrateAsync(new StorageOptions { DataDirectory = Folder }, Cancellation);
        Assert.Equal((2L, "ok"), (Count(Folder, "openclaw.db", "SELECT count(*) FROM session_event"), Check(Folder)));
    }

    /// <summary>
    /// Each round writes a row to the one file, then its pair to the other, as the product does; a copy of two moments would
    /// have a pair without its row.
    /// </summary>
    [Fact]
    public async Task Both_files_are_copied_as_they_were_at_one_moment()
    {
        Execute(Options.OrleansDatabasePath, "CREATE TABLE pair (id INTEGER PRIMARY KEY)");
        using var enough = new CancellationTokenSource();
        var written = 0;
        var writing = Task.Run(
            async () =>
            {
                for (var id = 1; !enough.IsCancellationRequested; id++)
                {
                    await Index.AddTenantAsync(new TenantInfo($"t-{id}", "A tenant", Now), CancellationToken.None);
                    Execute(Options.OrleansDatabasePath, $"INSERT INTO pair (id) VALUES ({id})");
                    Volatile.Write(ref written, id);
                }
            },
            Cancellation);

        for (var copy = 0; copy < 20; copy++)
        {
            var folder = Path.Combine(Folder, $"{copy}");
            DatabaseBackup.Run(Options, folder);
            var (rows, pairs) = (Count(folder, "openclaw.db", "SELECT count(*) FROM tenant"), Count(folder, "orleans.db", "SELECT count(*) FROM pair"));
            Assert.InRange(rows - pairs, 0, 1);
        }

        await enough.CancelAsync();
        await writing;
        Assert.True(Volatile.Read(ref written) > 0);
    }

    [Fact]
    public void A_folder_that_holds_a_backup_is_left_alone()
    {
        DatabaseBackup.Run(Options, Folder);

        var failure = Assert.Throws<InvalidOperationException>(() => DatabaseBackup.Run(Options, Folder));

        Assert.Contains("name an empty folder", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_that_is_not_there_or_not_embedded_is_refused_with_what_to_do()
    {
        var nothing = new StorageOptions { DataDirectory = Path.Combine(Options.DataDirectory, "nothing") };
        var postgres = new StorageOptions { Provider = "postgres", ConnectionString = "Host=nowhere" };

        Assert.Contains("OpenClaw:DataDirectory", Assert.Throws<InvalidOperationException>(() => DatabaseBackup.Run(nothing, Folder)).Message, StringComparison.Ordinal);
        Assert.Contains("pg_dump", Assert.Throws<InvalidOperationException>(() => DatabaseBackup.Run(postgres, Folder)).Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(nothing.DataDirectory));
    }

    private static string Check(string folder) => (string)Scalar(Path.Combine(folder, "openclaw.db"), "PRAGMA integrity_check")!;

    private static long Count(string folder, string file, string sql) => (long)Scalar(Path.Combine(folder, file), sql)!;

    private static void Execute(string path, string sql) => Scalar(path, sql);

    private static object? Scalar(string path, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
