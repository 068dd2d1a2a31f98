using System.Text;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Tests;

public abstract class MigrationTests(DatabaseKind kind) : StorageTest(kind)
{
    public sealed class OnSqlite() : MigrationTests(DatabaseKind.Sqlite)
    {
        [Fact]
        public async Task A_data_directory_that_cannot_be_made_is_named()
        {
            var file = Path.GetTempFileName();
            var options = new StorageOptions { DataDirectory = Path.Combine(file, "data") };

            var exception = await Assert.ThrowsAsync<StorageUnavailableException>(() => DatabaseMigrator.MigrateAsync(options, Cancellation));

            Assert.Contains(file, exception.Message, StringComparison.Ordinal);
            Assert.Contains("OpenClaw:DataDirectory", exception.Message, StringComparison.Ordinal);
            File.Delete(file);
        }

        [Fact]
        public async Task A_file_that_is_no_database_is_named_and_left_alone()
        {
            var options = await CreateOptionsAsync();
            Directory.CreateDirectory(options.DataDirectory);
            var path = Path.Combine(options.DataDirectory, "openclaw.db");
            var content = new string('x', 5000);
            await File.WriteAllTextAsync(path, content, Cancellation);

            var exception = await Assert.ThrowsAsync<StorageUnavailableException>(() => DatabaseMigrator.MigrateAsync(options, Cancellation));

            Assert.Contains(path, exception.Message, StringComparison.Ordinal);
            Assert.Equal(content, await File.ReadAllTextAsync(path, Cancellation));
        }

        [Fact]
        public async Task Ours_and_Orleans_tables_lie_in_files_of_their_own()
        {
            Assert.Equal(0, await RowsAsync("SELECT count(*) FROM sqlite_master WHERE name LIKE 'Orleans%'"));
            Assert.True(File.Exists(Path.Combine(Options.DataDirectory, "orleans.db")));
        }

        [Fact]
        public async Task Events_of_the_first_schema_are_kept()
        {
            var session = await AppendAsync(await CreateAsync("s_1"), Message(1), Frames(2, 4), Done(5));
            var other = await AppendAsync(await CreateAsync("s_0"), Message(1, "t9", "other"));
            var events = await Log.ReadAsync(session.Key, 0, 10, Cancellation);
            await using (var connection = await ConnectAsync())
            {
                await using var command = connection.CreateCommand();
                command.CommandText = """
                    CREATE TABLE first (
                      tenant TEXT NOT NULL, session_id TEXT NOT NULL, seq_from INTEGER NOT NULL, seq_to INTEGER NOT NULL,
                      turn_id TEXT NOT NULL, kind INTEGER NOT NULL, listed INTEGER NOT NULL, at INTEGER NOT NULL, payload BLOB NOT NULL,
                      PRIMARY KEY (tenant, session_id, seq_from)) WITHOUT ROWID;
                    INSERT INTO first SELECT tenant, session_id, seq_from, seq_to, turn_id, kind, listed, at, payload FROM session_event;
                    DROP TABLE session_event;
                    ALTER TABLE first RENAME TO session_event;
                    ALTER TABLE tenant_usage DROP COLUMN estimated_input_tokens;
                    ALTER TABLE tenant_usage DROP COLUMN estimated_output_tokens;
                    ALTER TABLE tenant_usage DROP COLUMN cost_billionths;
                    DROP INDEX outbox_by_tenant;
                    ALTER TABLE outbox DROP COLUMN session_seq;
                    ALTER TABLE outbox DROP COLUMN webhook_id;
                    DELETE FROM schema_version WHERE component = 'openclaw' AND version >= 2;
                    """;
                await command.ExecuteNonQueryAsync(Cancellation);
            }

            await DatabaseMigrator.MigrateAsync(Options, Cancellation);
            await RestartAsync();

            Assert.Equivalent(events, await Log.ReadAsync(session.Key, 0, 10, Cancellation), strict: true);
            Assert.Equal("other", Encoding.UTF8.GetString(Assert.Single(await Log.ReadAsync(other.Key, 0, 10, Cancellation)).Payload));
            await AppendAsync(session, Message(6, "t2"));
            Assert.Equal(2, (await Log.ReadMessagesAsync(session.Key, 0, descending: false, 10, Cancellation)).Count(row => row.Kind == SessionEventKind.Message));
        }

        // Rows are few in a test and many in use: what counts is that each statement goes through an index.
        [Fact]
        public async Task No_statement_walks_through_all_sessions_events_or_keys()
        {
            await using var connection = await ConnectAsync();
            foreach (var (name, text) in StatementCatalogue.Load("Sqlite"))
            {
                await using var command = connection.CreateCommand();
                command.CommandText = $"EXPLAIN QUERY PLAN {text.Replace('$', '?')}";
                for (var parameter = 1; parameter <= 19 && text.Contains($"${parameter}", StringComparison.Ordinal); parameter++)
                    command.Parameters.Add(new Microsoft.Data.Sqlite.SqliteParameter($"?{parameter}", 1));
                await using var reader = await command.ExecuteReaderAsync(Cancellation);
                while (await reader.ReadAsync(Cancellation))
                {
                    var step = reader.GetString(3);
                    Assert.False(IsWalk(step), $"{name}: {step}");
                    // The operator's list sorts the running sessions, an index's few, and no others.
                    Assert.False(
                        step.Contains("TEMP B-TREE FOR ORDER BY", StringComparison.Ordinal) && name != Statements.ListActiveSessions, $"{name}: {step}");
                }
            }
        }

        private static bool IsWalk(string step) =>
            step.StartsWith("SCAN", StringComparison.Ordinal)
            && (step.Contains("session", StringComparison.Ordinal) || step.Contains("idempotency", StringComparison.Ordinal))
            && !step.Contains("USING INDEX session_running", StringComparison.Ordinal)
            && !step.Contains("COVERING INDEX session_running", StringComparison.Ordinal)
            && !step.StartsWith("SCAN session_purge", StringComparison.Ordinal);
    }

    public sealed class OnPostgres() : MigrationTests(DatabaseKind.Postgres)
    {
        [Fact]
        public async Task A_server_that_does_not_answer_is_named()
        {
            var options = new StorageOptions { Provider = "postgres", ConnectionString = "Host=127.0.0.1;Port=1;Username=u;Timeout=5" };

            var exception = await Assert.ThrowsAsync<StorageUnavailableException>(() => DatabaseMigrator.MigrateAsync(options, Cancellation));

            Assert.Contains("127.0.0.1:1", exception.Message, StringComparison.Ordinal);
            Assert.Contains("OpenClaw:Database:ConnectionString", exception.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Several_processes_may_migrate_at_once()
    {
        var options = await CreateOptionsAsync();

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => DatabaseMigrator.MigrateAsync(options, Cancellation))));

        await DatabaseMigrator.MigrateAsync(options, Cancellation);
    }

    [Fact]
    public async Task Migrating_again_changes_nothing()
    {
        var session = await AppendAsync(await CreateAsync("s_1"), Message(1));
        var versions = await RowsAsync("SELECT count(*) FROM schema_version");

        await DatabaseMigrator.MigrateAsync(Options, Cancellation);

        Assert.Equal(session, await FindAsync(session.Key));
        Assert.Equal(versions, await RowsAsync("SELECT count(*) FROM schema_version"));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused()
    {
        await using (var connection = await ConnectAsync())
        {
            await using var command = connection.CreateCommand();
            command.CommandText = "INSERT INTO schema_version (component, version, name) VALUES ('openclaw', 9000, 'from_the_future')";
            await command.ExecuteNonQueryAsync(Cancellation);
        }

        var exception = await Assert.ThrowsAsync<DatabaseVersionException>(() => DatabaseMigrator.MigrateAsync(Options, Cancellation));

        Assert.Contains("9000", exception.Message, StringComparison.Ordinal);
        Assert.Contains("newer version", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_statement_has_a_text()
    {
        var texts = StatementCatalogue.Load(Kind == DatabaseKind.Sqlite ? "Sqlite" : "Postgres");

        foreach (var field in typeof(Statements).GetFields())
            Assert.Contains((string)field.GetRawConstantValue()!, texts);
    }
}
