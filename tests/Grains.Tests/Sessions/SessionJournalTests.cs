using Microsoft.Extensions.Time.Testing;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Sessions.Journal;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Storage;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Tests.Sessions;

public sealed class SessionJournalTests
{
    private const string Turn = "turn-1-test";

    private static readonly MailboxState Running =
        new() { Running = new TurnState { TurnId = Turn, FirstSeq = 1 } };

    private readonly ScriptedSessionLog _log = new();
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task A_frame_is_seen_before_it_is_written()
    {
        var journal = await StartedAsync();

        journal.Emit(Turn, new TextFrame("hello"));

        Assert.Equal(2, journal.Tail.Head);
        Assert.Single(_log.Appends);
    }

    [Fact]
    public async Task Frames_are_written_as_one_range_after_the_flush_interval()
    {
        var journal = await StartedAsync();
        journal.Emit(Turn, new TextFrame("one"));
        journal.Emit(Turn, new TextFrame("two"));

        _time.Advance(TimeSpan.FromMilliseconds(200));

        var range = Assert.Single(_log.Appends[1].Events);
        Assert.Equal((2, 3), (range.SeqFrom, range.SeqTo));
        Assert.Equal(3, journal.Session.Head);
    }

    [Fact]
    public async Task A_kibibyte_of_text_is_written_without_waiting()
    {
        var journal = await StartedAsync();

        journal.Emit(Turn, new TextFrame(new string('x', 1024)));

        Assert.Equal(2, _log.Appends.Count);
    }

    [Fact]
    public async Task A_checkpoint_is_not_seen_before_it_is_durable_and_what_is_emitted_meanwhile_follows_it()
    {
        var journal = await StartedAsync();
        var answer = _log.AnswerLater();
        var commit = journal.CommitAsync(_ => Message("second"));

        journal.Emit(Turn, new TextFrame("meanwhile"));
        Assert.Equal(1, journal.Tail.Head);
        answer.SetResult(AppendOutcome.Written);
        await commit;

        Assert.Equal([(2L, "second"), (3L, "meanwhile")], Frames(journal).Skip(1));
    }

    [Fact]
    public async Task A_checkpoint_that_fails_leaves_no_hole_in_the_seqs()
    {
        var journal = await StartedAsync();
        journal.Emit(Turn, new TextFrame("before"));
        var answer = _log.AnswerLater();
        var commit = journal.CommitAsync(_ => Message("refused"));
        journal.Emit(Turn, new TextFrame("after"));

        answer.SetResult(AppendOutcome.DuplicateKey);
        await commit;
        await journal.FlushAsync();

        Assert.Equal([(2L, "before"), (3L, "after")], Frames(journal).Skip(1));
        var written = Assert.Single(_log.Appends[^1].Events);
        Assert.Equal((2, 3), (written.SeqFrom, written.SeqTo));
    }

    [Fact]
    public async Task Frames_emitted_while_a_range_is_being_written_are_seen_at_once_and_written_next()
    {
        var journal = await StartedAsync();
        journal.Emit(Turn, new TextFrame("one"));
        var answer = _log.AnswerLater();
        var flush = journal.FlushAsync();

        journal.Emit(Turn, new TextFrame("two"));
        Assert.Equal(3, journal.Tail.Head);
        answer.SetResult(AppendOutcome.Written);
        await flush;
        await journal.FlushAsync();

        Assert.Equal(3, Assert.Single(_log.Appends[^1].Events).SeqFrom);
    }

    [Fact]
    public async Task No_frame_leaves_above_the_reserved_block()
    {
        var journal = await StartedAsync();
        var answer = _log.AnswerLater();
        var flush = Task.CompletedTask;
        for (var i = 0; i < SessionJournal.ReservedBlock + 10; i++)
        {
            journal.Emit(Turn, new TextFrame("x"));
            if (i == 0) flush = journal.FlushAsync();
        }

        Assert.Equal(journal.Session.Reserved, journal.Tail.Head);
        answer.SetResult(AppendOutcome.Written);
        await flush;
        await journal.FlushAsync();

        Assert.Equal(1 + SessionJournal.ReservedBlock + 10, journal.Tail.Head);
        Assert.Equal(journal.Tail.Head, journal.Session.Head);
    }

    [Fact]
    public async Task A_cut_turn_goes_on_above_every_seq_that_may_have_been_seen()
    {
        var cut = NewSession() with { Epoch = 4, Revision = 7, Head = 20, Reserved = 5000 };
        var journal = new SessionJournal(_log, _time, cut, Running);

        await journal.CommitAsync(_ => new JournalCommit
        {
            Mailbox = Running,
            Entries = [new JournalEntry(SessionEventKind.Recovering, Turn, [], new RecoveringFrame(21))],
        });

        Assert.Equal(5001, Assert.Single(_log.Appends[0].Events).SeqFrom);
        Assert.Equal((4, 7, 5), (_log.Appends[0].ExpectedEpoch, _log.Appends[0].ExpectedRevision, _log.Appends[0].Epoch));
    }

    [Fact]
    public async Task A_session_whose_last_turn_ended_goes_on_without_a_jump()
    {
        var idle = NewSession() with { Head = 20, Reserved = 20, Epoch = 1 };
        var journal = new SessionJournal(_log, _time, idle, MailboxState.Empty);

        await journal.CommitAsync(_ => Message("next"));

        Assert.Equal(21, Assert.Single(_log.Appends[0].Events).SeqFrom);
    }

    [Fact]
    public async Task The_second_append_of_an_activation_expects_its_own_epoch()
    {
        var journal = await StartedAsync();

        await journal.CommitAsync(_ => Message("second"));

        Assert.Equal((1, 1), (_log.Appends[1].ExpectedEpoch, _log.Appends[1].ExpectedRevision));
    }

    [Fact]
    public async Task A_fenced_journal_takes_nothing_more()
    {
        var journal = await StartedAsync();
        var ended = 0;
        journal.Ended = () => ended++;
        _log.Answer(AppendOutcome.Fenced);

        var outcome = await journal.CommitAsync(_ => Message("second"));
        journal.Emit(Turn, new TextFrame("late"));

        Assert.Equal(AppendOutcome.Fenced, outcome);
        Assert.Equal(AppendOutcome.Fenced, await journal.CommitAsync(_ => Message("third")));
        Assert.Equal(1, ended);
        Assert.Equal(1, journal.Tail.Head);
        Assert.Equal(2, _log.Appends.Count);
    }

    [Fact]
    public async Task A_failed_append_is_repeated_under_its_own_id()
    {
        var journal = await StartedAsync();
        _log.Fail(new StorageUnavailableException("locked", new TimeoutException()));

        var commit = journal.CommitAsync(_ => Message("second"));
        _time.Advance(TimeSpan.FromSeconds(1));
        var outcome = await commit;

        Assert.Equal(AppendOutcome.Written, outcome);
        Assert.Equal(_log.Appends[1].AppendId, _log.Appends[2].AppendId);
    }

    [Fact]
    public async Task A_database_that_stays_away_ends_the_journal()
    {
        var journal = await StartedAsync();
        for (var i = 0; i < 10; i++) _log.Fail(new StorageUnavailableException("full", new IOException()));

        var commit = journal.CommitAsync(_ => Message("second"));
        for (var i = 0; i < 4; i++) _time.Advance(TimeSpan.FromSeconds(2));

        await Assert.ThrowsAsync<StorageUnavailableException>(() => commit);
        Assert.Equal(JournalEnd.Broken, journal.End);
    }

    private static SessionState NewSession() => new()
    {
        Key = new SessionKey(TenantId.Default, "sess-1"),
        Model = "offline",
        CreatedAt = DateTimeOffset.UnixEpoch,
        UpdatedAt = DateTimeOffset.UnixEpoch,
    };

    private static JournalCommit Message(string content) => new()
    {
        Mailbox = Running,
        Entries = [new JournalEntry(SessionEventKind.Message, Turn, [], new MessageFrame("msg-1", content))],
    };

    private static IEnumerable<(long, string)> Frames(SessionJournal journal)
    {
        var frames = new List<SessionFrame>();
        journal.Tail.Copy(0, null, 10_000, frames);
        return frames.Select(frame => (frame.Seq, frame.Frame switch
        {
            TextFrame text => text.Content,
            MessageFrame message => message.Content,
            _ => "",
        }));
    }

    private async Task<SessionJournal> StartedAsync()
    {
        var journal = new SessionJournal(_log, _time, NewSession(), MailboxState.Empty);
        Assert.Equal(AppendOutcome.Written, await journal.CommitAsync(_ => Message("first")));
        return journal;
    }
}
