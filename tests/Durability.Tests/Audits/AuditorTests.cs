using OpenClaw.Testing.Audits;
using OpenClaw.Testing.Http;

namespace OpenClaw.Durability.Tests.Audits;

/// <summary>The auditor finds what it looks for: each record is true but for one thing, and that is what it reports.</summary>
public sealed class AuditorTests
{
    private readonly RecordBuilder _record = new();

    [Fact]
    public void A_true_record_has_no_findings() => AssertFinds();

    [Fact]
    public void A_session_to_which_nothing_was_sent_has_no_findings() =>
        Assert.Empty(Auditor.Audit(new SessionRecord { Sent = [], Seen = [], Replayed = [], History = [] }));

    [Fact]
    public void A_message_that_was_acknowledged_and_is_lost()
    {
        _record.Sent[2].Acknowledged = true;
        AssertFinds(FindingKind.MessageLost);
    }

    [Fact]
    public void A_message_that_was_acknowledged_and_is_lost_with_its_turn_and_answer()
    {
        _record.Replayed.RemoveRange(5, 6);
        _record.History.RemoveRange(2, 2);
        _record.Session.Frames.RemoveRange(5, 4);
        AssertFinds(FindingKind.MessageLost);
    }

    [Fact]
    public void A_message_that_has_a_turn_and_is_not_in_the_history()
    {
        _record.Sent[1].Acknowledged = false;
        _record.History.RemoveAt(2);
        AssertFinds(FindingKind.MessageLost);
    }

    [Fact]
    public void A_message_that_stands_in_the_history_twice()
    {
        _record.History.Add(_record.History[0] with { Id = "q3" });
        AssertFinds(FindingKind.MessageRepeated);
    }

    [Fact]
    public void A_message_that_was_accepted_and_answered_twice()
    {
        _record.Replayed.AddRange([RecordBuilder.Message(104, "turn-104", "one"), RecordBuilder.Text(105, "turn-104", "Hi."), RecordBuilder.Done(106, "turn-104", "a3")]);
        _record.History.AddRange([new HistoryMessage("q3", "user", "one"), new HistoryMessage("a3", "assistant", "Hi.")]);
        AssertFinds(FindingKind.MessageRepeated, FindingKind.TurnsOfMessage);
    }

    [Fact]
    public void A_message_that_nobody_sent()
    {
        _record.Sent.RemoveAt(0);
        AssertFinds(FindingKind.MessageInvented);
    }

    [Fact]
    public void A_message_without_a_turn()
    {
        _record.Sent[2].Acknowledged = true;
        _record.History.Add(new HistoryMessage("q3", "user", _record.Sent[2].Content));
        AssertFinds(FindingKind.TurnsOfMessage);
    }

    [Fact]
    public void A_message_with_two_turns()
    {
        _record.Replayed.AddRange([RecordBuilder.Message(104, "turn-104", "two"), RecordBuilder.Text(105, "turn-104", "Hi."), RecordBuilder.Done(106, "turn-104", "a3")]);
        _record.History.Add(new HistoryMessage("a3", "assistant", "Hi."));
        AssertFinds(FindingKind.TurnsOfMessage);
    }

    [Fact]
    public void A_turn_of_no_message()
    {
        _record.Replayed.AddRange([RecordBuilder.Text(104, "turn-104", "Hi."), RecordBuilder.Done(105, "turn-104", "a3")]);
        _record.History.Add(new HistoryMessage("a3", "assistant", "Hi."));
        AssertFinds(FindingKind.TurnsOfMessage);
    }

    [Fact]
    public void A_turn_without_an_end()
    {
        _record.Replayed.RemoveAt(10);
        _record.Sent[1].AnswerId = null;
        _record.History.RemoveAt(3);
        AssertFinds(FindingKind.TurnWithoutEnd);
    }

    [Fact]
    public void A_turn_that_ends_twice()
    {
        _record.Replayed.Add(RecordBuilder.Done(104, RecordBuilder.Second, "a2"));
        AssertFinds(FindingKind.TurnGoesOnAfterItsEnd);
    }

    [Fact]
    public void A_turn_that_speaks_after_its_end()
    {
        _record.Replayed.Add(RecordBuilder.Text(104, RecordBuilder.First, "one more thing"));
        AssertFinds(FindingKind.TurnGoesOnAfterItsEnd, FindingKind.AnswerDiffers);
    }

    [Fact]
    public void A_turn_that_ends_with_an_error()
    {
        _record.Replayed[10] = RecordBuilder.Error(103, RecordBuilder.Second);
        _record.Sent[1].AnswerId = null;
        _record.History.RemoveAt(3);
        AssertFinds(FindingKind.TurnFailed);
    }

    [Fact]
    public void A_turn_that_was_cancelled_by_nobody()
    {
        _record.Replayed[10] = RecordBuilder.Done(103, RecordBuilder.Second, "a2", "cancelled");
        _record.History.RemoveAt(3);
        AssertFinds(FindingKind.TurnFailed);
    }

    [Fact]
    public void A_caller_that_was_told_of_another_turn()
    {
        _record.Sent[0].TurnId = "turn-7";
        AssertFinds(FindingKind.AnswerOfAnother);
    }

    [Fact]
    public void A_caller_that_was_given_another_answer()
    {
        _record.Sent[1].AnswerId = "a1";
        AssertFinds(FindingKind.AnswerOfAnother);
    }

    [Fact]
    public void An_answer_that_is_not_in_the_history()
    {
        _record.History.RemoveAt(1);
        AssertFinds(FindingKind.AnswerMissing);
    }

    [Fact]
    public void Two_turns_that_end_with_one_answer()
    {
        _record.Replayed[10] = RecordBuilder.Done(103, RecordBuilder.Second, "a1");
        _record.Sent[1].AnswerId = "a1";
        _record.History.RemoveAt(3);
        AssertFinds(FindingKind.AnswerMissing);
    }

    [Fact]
    public void An_answer_that_stands_twice()
    {
        _record.History.Add(_record.History[3] with { Id = "a3" });
        AssertFinds(FindingKind.AnswerRepeated);
    }

    [Fact]
    public void An_answer_that_lacks_a_word_of_what_was_said()
    {
        _record.History[1] = _record.History[1] with { Content = "Hello." };
        AssertFinds(FindingKind.AnswerDiffers);
    }

    [Fact]
    public void An_answer_that_holds_what_the_recovery_has_replaced()
    {
        _record.History[3] = _record.History[3] with { Content = "HelHello two." };
        AssertFinds(FindingKind.AnswerDiffers);
    }

    [Fact]
    public void A_gap_in_the_replay()
    {
        _record.Replayed.RemoveAt(2);
        _record.Turn.Frames.RemoveAt(1);
        _record.Session.Frames.RemoveRange(2, 7);
        _record.History[1] = _record.History[1] with { Content = "Helone." };
        AssertFinds(FindingKind.Gap);
    }

    [Fact]
    public void A_replay_that_does_not_begin_at_the_first_frame()
    {
        _record.Session.Frames.Clear();
        for (var i = 0; i < _record.Replayed.Count; i++)
            _record.Replayed[i] = Moved(_record.Replayed[i], _record.Replayed[i].Seq + 1);
        _record.Turn.Frames.Clear();
        AssertFinds(FindingKind.Gap);
    }

    [Fact]
    public void A_gap_in_what_a_reader_of_the_session_got()
    {
        _record.Session.Frames.RemoveAt(3);
        AssertFinds(FindingKind.Gap);
    }

    [Fact]
    public void A_jump_without_a_recovery()
    {
        _record.Replayed.RemoveAt(7);
        _record.Session.Frames.RemoveRange(7, 2);
        _record.History[3] = _record.History[3] with { Content = "HelHello two." };
        AssertFinds(FindingKind.Gap);
    }

    [Fact]
    public void A_seq_that_was_two_frames_to_two_readers()
    {
        _record.Session.Frames[3] = RecordBuilder.Text(4, RecordBuilder.First, "ONE.");
        AssertFinds(FindingKind.SeqReused);
    }

    [Fact]
    public void A_seq_that_is_used_again_after_the_crash_for_another_frame()
    {
        // The recovery starts above what was written, and not above what was seen.
        _record.Replayed[7] = Moved(_record.Replayed[7], 8);
        _record.Replayed[8] = Moved(_record.Replayed[8], 9);
        _record.Replayed[9] = Moved(_record.Replayed[9], 10);
        _record.Replayed[10] = Moved(_record.Replayed[10], 11);
        AssertFinds(FindingKind.SeqReused, FindingKind.SeqReused);
    }

    [Fact]
    public void A_seq_that_stands_in_the_replay_twice_with_different_frames()
    {
        _record.Replayed.Insert(9, RecordBuilder.Text(101, RecordBuilder.Second, ""));
        AssertFinds(FindingKind.SeqReused);
    }

    [Fact]
    public void A_frame_that_stands_in_the_replay_twice()
    {
        // One that the recovery takes back, so that the answer is none the longer for it.
        _record.Replayed.Insert(7, _record.Replayed[6]);
        AssertFinds(FindingKind.FrameRepeated);
    }

    [Fact]
    public void A_frame_that_a_reader_of_the_session_got_twice()
    {
        _record.Session.Frames.Insert(4, _record.Session.Frames[3]);
        AssertFinds(FindingKind.FrameRepeated);
    }

    [Fact]
    public void A_frame_that_the_caller_of_a_turn_got_twice()
    {
        _record.Turn.Frames.Add(_record.Turn.Frames[0]);
        AssertFinds(FindingKind.FrameRepeated);
    }

    [Fact]
    public void A_frame_that_the_caller_of_a_turn_got_too_late()
    {
        _record.Turn.Frames.Reverse(0, 2);
        AssertFinds(FindingKind.FrameOutOfOrder);
    }

    [Fact]
    public void A_frame_that_was_seen_and_is_gone()
    {
        // It was said before the point from which the recovery takes back.
        _record.Replayed[7] = RecordBuilder.Recovering(100, RecordBuilder.Second, 9);
        _record.Replayed[8] = RecordBuilder.Text(101, RecordBuilder.Second, "lo ");
        AssertFinds(FindingKind.FrameLost);
    }

    [Fact]
    public void A_frame_that_was_seen_and_that_the_recovery_of_another_turn_cannot_have_replaced()
    {
        _record.Session.Frames[8] = RecordBuilder.Text(9, RecordBuilder.First, "tw");
        AssertFinds(FindingKind.FrameLost);
    }

    [Fact]
    public void A_frame_that_was_seen_beyond_the_end_of_the_replay()
    {
        _record.Turn.Frames.Add(RecordBuilder.Text(104, RecordBuilder.Second, "!"));
        AssertFinds(FindingKind.FrameLost);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public void A_recovery_that_takes_back_what_it_cannot(long restartFrom)
    {
        _record.Session.Frames.RemoveRange(7, 2);
        _record.Replayed[7] = RecordBuilder.Recovering(100, RecordBuilder.Second, restartFrom);
        _record.History[3] = _record.History[3] with { Content = restartFrom == 0 ? "Hello two." : "HelHello two." };
        AssertFinds(FindingKind.RecoveryOutOfBounds);
    }

    private static StreamFrame Moved(StreamFrame frame, long seq) => frame with { Seq = seq };

    /// <summary>Exactly these, in any order.</summary>
    private void AssertFinds(params FindingKind[] expected)
    {
        var findings = _record.Audit();
        Assert.True(
            expected.Order().SequenceEqual(findings.Select(finding => finding.Kind).Order()),
            $"Expected {string.Join(", ", expected)}, found:\n{string.Join('\n', findings)}");
    }
}
