using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Tests.Hosting;
using OpenClaw.Storage;
using OpenClaw.Testing;

namespace OpenClaw.Grains.Tests.Sessions;

/// <summary>
/// Two activations of one session, as after a partition: two silos that do not know each other, each a cluster of its own,
/// on one database. One append wins; the other activation steps down, and nothing is lost or doubled.
/// </summary>
public abstract class FencingTests(DatabaseKind kind) : IAsyncLifetime
{
    private readonly string _directory = Directory.CreateTempSubdirectory("openclaw-fencing-").FullName;
    private SiloHost _one = null!;
    private SiloHost _other = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public sealed class OnSqlite() : FencingTests(DatabaseKind.Sqlite);

    public sealed class OnPostgres() : FencingTests(DatabaseKind.Postgres);

    public async ValueTask InitializeAsync()
    {
        var database = kind == DatabaseKind.Sqlite
            ? new StorageOptions { DataDirectory = _directory }
            : new StorageOptions
            {
                Provider = "postgres",
                ConnectionString = await (await PostgresServer.SharedAsync()).CreateDatabaseAsync(),
                DataDirectory = _directory,
            };
        await DatabaseMigrator.MigrateAsync(database, Cancellation);
        _one = await SiloHost.StartAsync(new SiloHostSettings { Database = database }, ("OpenClaw:Cluster:Id", "one"));
        _other = await SiloHost.StartAsync(
            new SiloHostSettings { Database = database, Configure = HeldSessionLog.Wrap }, ("OpenClaw:Cluster:Id", "other"));
    }

    public async ValueTask DisposeAsync()
    {
        await _one.DisposeAsync();
        await _other.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_turn_that_another_activation_takes_over_goes_on_there_and_ends_here()
    {
        var here = await _one.CreateSessionAsync();
        var there = _other.Session(here.Key.SessionId);
        var sent = await here.SendAsync("question");
        var lost = (await _one.Models.NextAsync()).Say("los");
        var seen = (await here.ReadAsync(0, sent.TurnId)).Frames.ToList();
        while (seen[^1].Frame is not TextFrame)
            seen.AddRange((await here.ReadAsync(seen[^1].Seq, sent.TurnId)).Frames);

        await there.Grain.Resume(Cancellation);
        var kept = await _other.Models.NextAsync();
        lost.Say("t");
        await lost.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        kept.Say("kept").Finish();

        // The client goes on where the session lives now, after the last frame that it saw.
        var rest = await there.ReadTurnAsync(sent.TurnId, seen[^1].Seq);
        var recovering = Assert.IsType<RecoveringFrame>(rest[0].Frame);
        Assert.Equal(2, recovering.RestartFrom);
        Assert.Equal("kept", TestSession.TextOf(rest));
        AssertRises(rest);
        Assert.Equal(["question", "kept"], (await there.HistoryAsync()).Select(message => message.Content));
        await AssertSameLogAsync(here, there);
    }

    [Fact]
    public async Task Of_two_messages_taken_at_once_one_is_accepted_and_the_other_when_it_comes_again()
    {
        var first = await _one.CreateSessionAsync();
        var second = _other.Session(first.Key.SessionId);
        Assert.NotNull(await second.Grain.Get(Cancellation));

        var sent = await Task.WhenAll(first.SendAsync("from one"), second.SendAsync("from other"));

        var refused = Assert.Single(sent, result => result.Problem is not null);
        Assert.Equal(503, refused.Problem!.Status);
        var isFirst = sent[0].Problem is null;
        var (winner, loser) = isFirst ? (_one, _other) : (_other, _one);
        var late = isFirst ? second : first;
        var accepted = Assert.Single(sent, result => result.Problem is null);
        var overtaken = await winner.Models.NextAsync();

        // Its activation has stepped down; the next one finds the turn that runs, and takes it over.
        var again = await late.SendAsync("again");
        Assert.Null(again.Problem);
        (await loser.Models.NextAsync()).Say("one").Finish();
        (await loser.Models.NextAsync()).Say("two").Finish();
        Assert.Equal("two", (await late.AnswerAsync(again.TurnId)).Content);
        Assert.Equal("one", (await late.AnswerAsync(accepted.TurnId)).Content);

        // The winner of the first append is the loser of this one.
        overtaken.Say("lost");
        await overtaken.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        // Messages stand where they were accepted; the answer to the first came after the second was.
        Assert.Equal(
            [isFirst ? "from one" : "from other", "again", "one", "two"], (await late.HistoryAsync()).Select(message => message.Content));
        await AssertSameLogAsync(first, second);
    }

    [Fact]
    public async Task Activations_that_write_at_once_again_and_again_lose_and_double_nothing()
    {
        var one = await _one.CreateSessionAsync();
        var other = _other.Session(one.Key.SessionId);
        // Both have read the same row: of the first two changes one must lose.
        Assert.NotNull(await other.Grain.Get(Cancellation));
        var titles = new List<string>();
        for (var round = 0; round < 20; round++)
        {
            var updates = await Task.WhenAll(new[] { one, other }.Select(async (session, side) =>
            {
                var title = $"{round}.{side}";
                var result = await session.Grain.Update(new UpdateSession { Title = title }, Cancellation);
                return result.Problem is null ? title : null;
            }));
            titles.AddRange(updates.OfType<string>());
            if (round == 0) Assert.Single(titles);
        }

        // Each accepted change is one revision: had two won from the same one, the count would fall behind.
        var row = (await _one.Log.FindAsync(one.Key, Cancellation))!;
        Assert.Equal(titles.Count, row.Revision);
        Assert.InRange(titles.Count, 20, 40);
        Assert.Contains(row.Title, titles.TakeLast(2));
    }

    [Fact]
    public async Task An_activation_that_found_no_session_finds_it_once_another_has_created_it()
    {
        var here = _one.Session("sess-created-elsewhere");
        var there = _other.Session("sess-created-elsewhere");
        Assert.Null(await there.Grain.Get(Cancellation));
        Assert.NotNull((await here.Grain.Create(new CreateSession(), Cancellation)).Session);

        // A creation that was repeated there is told that the session exists, and everything else finds it.
        Assert.Equal(409, (await there.Grain.Create(new CreateSession(), Cancellation)).Problem?.Status);
        Assert.NotNull(await there.Grain.Get(Cancellation));
        var sent = await there.SendAsync("question");
        (await _other.Models.NextAsync()).Say("answer").Finish();
        Assert.Equal("answer", (await there.AnswerAsync(sent.TurnId)).Content);
    }

    [Fact]
    public async Task An_activation_that_was_overtaken_does_not_say_that_a_turn_it_never_heard_of_is_over()
    {
        var here = await _one.CreateSessionAsync();
        var there = _other.Session(here.Key.SessionId);
        Assert.NotNull(await there.Grain.Get(Cancellation));
        var sent = await here.SendAsync("question");
        var lost = await _one.Models.NextAsync();

        var batch = await there.ReadAsync(sent.Seq, sent.TurnId);
        Assert.Equal((0, FrameBatchStatus.Open), (batch.Frames.Count, batch.Status));

        // It has stepped down: the next one finds the turn.
        (await _other.Models.NextAsync()).Say("answer").Finish();
        Assert.Equal("answer", (await there.AnswerAsync(sent.TurnId)).Content);
        lost.Say("lost");
        await lost.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await AssertSameLogAsync(here, there);
    }

    [Fact]
    public async Task Calls_that_find_a_running_turn_together_wait_for_its_recovery()
    {
        var here = _one.Session("sess-found-together");
        var there = _other.Session("sess-found-together");
        Assert.Null(await there.Grain.Get(Cancellation));
        Assert.NotNull((await here.Grain.Create(new CreateSession(), Cancellation)).Session);
        var sent = await here.SendAsync("question");
        var lost = await _one.Models.NextAsync();

        var appends = (HeldSessionLog)(object)_other.Log;
        appends.Hold();
        var found = there.Grain.Get(Cancellation);
        await appends.Arrived.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        // The recovery is not written yet, and the turn must not go on before it is.
        var resumed = there.Grain.Resume(Cancellation);
        for (var i = 0; i < 20; i++) await _other.CreateSessionAsync();
        Assert.False(resumed.IsCompleted);
        Assert.False(_other.Models.HasCall);
        appends.Release();
        await resumed;
        Assert.NotNull(await found);
        (await _other.Models.NextAsync()).Say("answer").Finish();

        var frames = await there.ReadTurnAsync(sent.TurnId, sent.Seq);
        Assert.IsType<RecoveringFrame>(frames[0].Frame);
        Assert.Equal("answer", TestSession.TextOf(frames));
        AssertRises(frames);
        lost.Say("lost");
        await lost.Cancelled.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        await AssertSameLogAsync(here, there);
    }

    /// <summary>Whoever is asked, the log is one: the same frames with the same seqs, each once.</summary>
    private static async Task AssertSameLogAsync(TestSession one, TestSession other)
    {
        var frames = await one.ReadAllAsync();
        AssertRises(frames);
        Assert.Equal(frames.Select(frame => (frame.Seq, frame.TurnId, frame.Frame.GetType())), (await other.ReadAllAsync()).Select(frame => (frame.Seq, frame.TurnId, frame.Frame.GetType())));
        Assert.Equal(frames.Count(frame => frame.Frame is MessageFrame), frames.Count(frame => frame.Frame is DoneFrame));
    }

    /// <summary>Seqs rise by one; the one jump allowed stands before a recovery.</summary>
    private static void AssertRises(List<SessionFrame> frames)
    {
        for (var i = 1; i < frames.Count; i++)
        {
            if (frames[i].Frame is RecoveringFrame)
                Assert.True(frames[i].Seq > frames[i - 1].Seq, $"{frames[i].Seq} after {frames[i - 1].Seq}");
            else
                Assert.Equal(frames[i - 1].Seq + 1, frames[i].Seq);
        }
    }
}
