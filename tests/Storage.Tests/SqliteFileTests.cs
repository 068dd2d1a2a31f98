using Microsoft.Extensions.Logging.Abstractions;
using OpenClaw.Storage.Maintenance;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Sqlite;

namespace OpenClaw.Storage.Tests;

/// <summary>What an embedded database does with its files.</summary>
public sealed class SqliteFileTests() : StorageTest(DatabaseKind.Sqlite)
{
    [Fact]
    public async Task A_full_disk_is_reported_and_what_was_acknowledged_is_kept()
    {
        using var purge = new PurgeSignal();
        using var database = new SqliteDatabase(
            Options.SessionDatabasePath, new SqliteLimits { MaxPages = 200 }, TimeProvider.System, NullLogger<SqliteDatabase>.Instance);
        var log = new SessionLog(database, purge, new SessionPurge(database));
        var session = await CreateAsync("s_1");

        StorageUnavailableException? full = null;
        while (full is null)
        {
            var large = Of(session, 50_000);
            try
            {
                Assert.Equal(AppendOutcome.Written, await log.AppendAsync(large, Cancellation));
                session = await FindAsync(session.Key);
            }
            catch (StorageUnavailableException exception)
            {
                full = exception;
            }
        }

        Assert.Contains("full", full.Message, StringComparison.Ordinal);
        Assert.Equal(session, await FindAsync(session.Key));
        Assert.Equal(session.Revision, await RowsAsync("SELECT count(*) FROM session_event"));
        Assert.Equal(AppendOutcome.Written, await log.AppendAsync(Of(session, 10), Cancellation));

        static SessionAppend Of(SessionState session, int bytes) => Next(session, Frames(session.Head + 1, session.Head + 1, bytes: bytes));
    }

    [Fact]
    public async Task A_crash_leaves_whole_transactions()
    {
        // No checkpoint: the log file is written at its end alone, and a copy of it at any moment is what a crash leaves.
        using var purge = new PurgeSignal();
        using var database = new SqliteDatabase(
            Options.SessionDatabasePath, new SqliteLimits { CheckpointPages = int.MaxValue }, TimeProvider.System, NullLogger<SqliteDatabase>.Instance);
        var log = new SessionLog(database, purge, new SessionPurge(database));
        var crashed = await CreateOptionsAsync();
        Directory.CreateDirectory(crashed.DataDirectory);
        var sessions = new List<SessionState>();
        for (var index = 0; index < 16; index++)
            sessions.Add(await CreateAsync($"s_{index}"));

        var acknowledged = new long[sessions.Count];
        using var stop = new CancellationTokenSource();
        var halfWay = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var writers = sessions.Select((session, index) => Task.Run(
            async () =>
            {
                for (var revision = 0; !stop.IsCancellationRequested; revision++)
                {
                    var append = Next(session, Frames(revision + 1, revision + 1, bytes: 3000)) with
                    {
                        ExpectedEpoch = revision == 0 ? 0 : 1,
                        ExpectedRevision = revision,
                        Epoch = 1,
                    };
                    Assert.Equal(AppendOutcome.Written, await log.AppendAsync(append, Cancellation));
                    Interlocked.Exchange(ref acknowledged[index], revision + 1);
                    if (revision == 20)
                        halfWay.TrySetResult();
                }
            },
            Cancellation)).ToList();
        await halfWay.Task;
        var before = acknowledged.Select((_, index) => Interlocked.Read(ref acknowledged[index])).ToList();
        foreach (var suffix in new[] { "", "-wal" })
            await CopyAsync(Options.SessionDatabasePath + suffix, crashed.SessionDatabasePath + suffix);
        await stop.CancelAsync();
        await Task.WhenAll(writers);

        using var survivor = new SqliteDatabase(
            crashed.SessionDatabasePath, new SqliteLimits(), TimeProvider.System, NullLogger<SqliteDatabase>.Instance);
        var afterCrash = new SessionLog(survivor, purge, new SessionPurge(survivor));
        for (var index = 0; index < sessions.Count; index++)
        {
            var session = await afterCrash.FindAsync(sessions[index].Key, Cancellation);
            var events = await afterCrash.ReadAsync(sessions[index].Key, 0, 10_000, Cancellation);
            Assert.True(session!.Revision >= before[index], "an acknowledged append is missing");
            Assert.Equal((session.Revision, session.Head), (events.Count, events[^1].SeqTo));
        }
    }

    [Fact]
    public async Task The_write_ahead_log_does_not_grow_for_ever_under_an_endless_load()
    {
        const int LimitPages = 500;
        using var purge = new PurgeSignal();
        using var database = new SqliteDatabase(
            Options.SessionDatabasePath,
            new SqliteLimits { CheckpointPages = 100, RestartPages = LimitPages },
            TimeProvider.System,
            NullLogger<SqliteDatabase>.Instance);
        var log = new SessionLog(database, purge, new SessionPurge(database));
        var sessions = new List<SessionState>();
        for (var index = 0; index < 8; index++)
            sessions.Add(await CreateAsync($"s_{index}"));

        // About 30,000 pages in all.
        await Task.WhenAll(sessions.Select(session => Task.Run(
            async () =>
            {
                for (var revision = 0; revision < 1000; revision++)
                {
                    await log.AppendAsync(
                        Next(session, Frames(revision + 1, revision + 1, bytes: 8000)) with
                        {
                            ExpectedEpoch = revision == 0 ? 0 : 1,
                            ExpectedRevision = revision,
                            Epoch = 1,
                        },
                        Cancellation);
                }
            },
            Cancellation)));

        var pages = new FileInfo(Options.SessionDatabasePath + "-wal").Length / 4096;
        Assert.True(pages < LimitPages * 12, $"the log has {pages} pages");
        Assert.Equal(8000, await RowsAsync("SELECT count(*) FROM session_event"));
    }

    private static async Task CopyAsync(string from, string to)
    {
        await using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        await using var target = File.Create(to);
        await source.CopyToAsync(target, Cancellation);
    }
}
