using System.Collections.Concurrent;
using System.Data.Common;
using System.Diagnostics.Metrics;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Storage.Tests;

public abstract class GroupCommitTests(DatabaseKind kind) : StorageTest(kind)
{
    public sealed class OnSqlite() : GroupCommitTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : GroupCommitTests(DatabaseKind.Postgres);

    [Fact]
    public async Task Appends_of_many_sessions_share_commits()
    {
        const int Sessions = 240;
        var sessions = new List<SessionState>();
        for (var index = 0; index < Sessions; index++)
            sessions.Add(await CreateAsync($"s_{index}"));
        var batches = new ConcurrentBag<int>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is { Meter.Name: "OpenClaw", Name: "log.batch.size" })
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, size, _, _) => batches.Add(size));
        listener.Start();

        // Nothing can be committed until all appends wait: how they are spread over commits is the writer's doing alone.
        await using var connection = await ConnectAsync();
        await using var blocker = await LockAsync(connection);
        var appends = sessions.Select(session => Log.AppendAsync(Next(session, Message(1)), Cancellation)).ToList();
        Assert.DoesNotContain(appends, append => append.IsCompleted);
        await blocker.RollbackAsync(Cancellation);
        var outcomes = await Task.WhenAll(appends);

        Assert.All(outcomes, outcome => Assert.Equal(AppendOutcome.Written, outcome));

        // PostgreSQL's three writers share them; other tests commit a write or two at a time.
        Assert.True(batches.Max() > Sessions / 6, $"the largest batch held {batches.Max()} appends");
    }

    [Fact]
    public async Task Appends_of_a_session_are_written_in_the_order_in_which_they_were_asked_for()
    {
        var session = await CreateAsync("s_1");

        var appends = Enumerable.Range(0, 50).Select(index => Log.AppendAsync(
            Next(session, Message(index + 1)) with
            {
                ExpectedEpoch = index == 0 ? 0 : 1,
                ExpectedRevision = index,
                Epoch = 1,
            },
            Cancellation)).ToList();

        Assert.All(await Task.WhenAll(appends), outcome => Assert.Equal(AppendOutcome.Written, outcome));
        Assert.Equal(50, (await FindAsync(session.Key)).Revision);
    }

    private async Task<DbTransaction> LockAsync(DbConnection connection)
    {
        var transaction = await connection.BeginTransactionAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = Kind == DatabaseKind.Sqlite
            ? "UPDATE session SET title = title"
            : "LOCK TABLE session IN SHARE ROW EXCLUSIVE MODE";
        await command.ExecuteNonQueryAsync(Cancellation);
        return transaction;
    }
}
