using OpenClaw.Storage.Sessions;

namespace OpenClaw.Storage.Tests;

public abstract class AvailabilityTests(DatabaseKind kind) : StorageTest(kind)
{
    public sealed class OnSqlite() : AvailabilityTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : AvailabilityTests(DatabaseKind.Postgres)
    {
        [Fact]
        public async Task An_append_outlives_the_loss_of_all_connections()
        {
            var session = await AppendAsync(await CreateAsync("s_1"), Message(1));
            await LoseConnectionsAsync();

            var outcome = await Log.AppendAsync(Next(session, Message(2)), Cancellation);

            Assert.Equal(AppendOutcome.Written, outcome);
            Assert.Equal(2, (await FindAsync(session.Key)).Revision);
        }

        [Fact]
        public async Task Reads_outlive_the_loss_of_all_connections()
        {
            var session = await CreateAsync("s_1");
            await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => FindAsync(session.Key)));
            Assert.True(await LoseConnectionsAsync() > 1);

            Assert.Equal(session, await FindAsync(session.Key));
            Assert.All(await Task.WhenAll(Enumerable.Range(0, 200).Select(_ => FindAsync(session.Key))), found => Assert.Equal(session, found));
        }

        private Task<long> LoseConnectionsAsync() => RowsAsync(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()");
    }

    [Fact]
    public async Task A_locked_database_is_reported_and_the_append_can_be_tried_again()
    {
        var session = await CreateAsync("s_1");
        var append = Next(session, Message(1));
        await using (var connection = await ConnectAsync())
        {
            await using var transaction = await connection.BeginTransactionAsync(Cancellation);
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            command.CommandText = "UPDATE session SET title = title";
            await command.ExecuteNonQueryAsync(Cancellation);

            var exception = await Assert.ThrowsAsync<StorageUnavailableException>(() => Log.AppendAsync(append, Cancellation));
            Assert.Contains("locked", exception.Message, StringComparison.Ordinal);

            // Readings do not wait for writers.
            Assert.Equal(session, await FindAsync(session.Key));
        }

        Assert.Equal(AppendOutcome.Written, await Log.AppendAsync(append, Cancellation));
    }
}
