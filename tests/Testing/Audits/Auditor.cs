using OpenClaw.Testing.Http;

namespace OpenClaw.Testing.Audits;

/// <summary>
/// Holds a session's record against what is promised: every acknowledged message is there, each has one turn, each turn
/// one end and one answer, no seq is used twice, every reader gets every frame once.
/// </summary>
public static class Auditor
{
    /// <returns>Every promise that was broken; empty when all were kept.</returns>
    public static IReadOnlyList<Finding> Audit(SessionRecord record)
    {
        var findings = new List<Finding>();
        CheckMessages(record, findings);
        CheckNumbers(record.Replayed, 0, findings);
        foreach (var stream in record.Seen)
        {
            if (stream.After is { } after)
                CheckNumbers(stream.Frames, after, findings);
            else
                CheckOrder(stream.Frames, findings);
        }

        CheckSeqs(record, findings);
        CheckTurns(record, findings);
        return findings;
    }

    private static void CheckMessages(SessionRecord record, List<Finding> findings)
    {
        var asked = Questions(record).ToLookup(message => message.Content);
        var shown = Asks(record.Replayed).ToHashSet();
        foreach (var message in record.Sent)
        {
            var times = asked[message.Content].Count();
            if (times > 1)
                findings.Add(new Finding(FindingKind.MessageRepeated, $"{message.Content} stands in the history {times} times."));
            if (times == 0 && (message.Acknowledged || shown.Contains(message.Content)))
                findings.Add(new Finding(FindingKind.MessageLost, message.Content));
        }

        var sent = record.Sent.Select(message => message.Content).ToHashSet();
        foreach (var question in asked.Where(question => !sent.Contains(question.Key)))
            findings.Add(new Finding(FindingKind.MessageInvented, question.Key));
    }

    /// <summary>Seqs rise by one; the one jump allowed stands right before a <c>recovering</c> status.</summary>
    private static void CheckNumbers(IReadOnlyList<StreamFrame> frames, long after, List<Finding> findings)
    {
        CheckOrder(frames, findings);
        var last = after;
        foreach (var frame in frames)
        {
            if (frame.Seq > last + 1 && !IsRecovery(frame))
                findings.Add(new Finding(FindingKind.Gap, $"{last} is followed by {frame}"));
            if (IsRecovery(frame) && (RestartFrom(frame) < 1 || RestartFrom(frame) > frame.Seq))
                findings.Add(new Finding(FindingKind.RecoveryOutOfBounds, frame.ToString()));
            last = Math.Max(last, frame.Seq);
        }
    }

    private static void CheckOrder(IReadOnlyList<StreamFrame> frames, List<Finding> findings)
    {
        var got = new Dictionary<long, StreamFrame>();
        var last = 0L;
        foreach (var frame in frames)
        {
            if (got.TryAdd(frame.Seq, frame))
            {
                if (frame.Seq < last)
                    findings.Add(new Finding(FindingKind.FrameOutOfOrder, $"{last} is followed by {frame}"));
            }
            else if (got[frame.Seq].Raw == frame.Raw)
            {
                findings.Add(new Finding(FindingKind.FrameRepeated, frame.ToString()));
            }

            last = Math.Max(last, frame.Seq);
        }
    }

    /// <summary>
    /// One seq is one frame for good. A frame that somebody saw is still there, unless a turn that recovered has replaced
    /// it.
    /// </summary>
    private static void CheckSeqs(SessionRecord record, List<Finding> findings)
    {
        var known = new Dictionary<long, StreamFrame>();
        foreach (var frame in record.Replayed.Concat(record.Seen.SelectMany(stream => stream.Frames)))
        {
            if (!known.TryAdd(frame.Seq, frame) && known[frame.Seq].Raw != frame.Raw)
                findings.Add(new Finding(FindingKind.SeqReused, $"{known[frame.Seq]} and {frame}"));
        }

        var stored = record.Replayed.Select(frame => frame.Seq).ToHashSet();
        var end = record.Replayed.Count == 0 ? 0 : record.Replayed.Max(frame => frame.Seq);
        var recoveries = record.Replayed.Where(IsRecovery).ToList();
        foreach (var frame in known.Values.Where(frame => !stored.Contains(frame.Seq)))
        {
            if (frame.Seq > end || !recoveries.Exists(recovery => Replaces(recovery, frame)))
                findings.Add(new Finding(FindingKind.FrameLost, frame.ToString()));
        }
    }

    private static void CheckTurns(SessionRecord record, List<Finding> findings)
    {
        var answers = record.History.Where(message => message.Role == "assistant").ToDictionary(message => message.Id);
        var turns = record.Replayed.GroupBy(frame => frame.TurnId).ToDictionary(turn => turn.Key, turn => turn.ToList());
        foreach (var turn in turns.Values)
            CheckTurn(turn, answers, findings);
        foreach (var answer in answers.Values)
            findings.Add(new Finding(FindingKind.AnswerRepeated, $"No turn ends with {answer}."));

        foreach (var question in Questions(record).DistinctBy(question => question.Content))
        {
            var own = turns.Where(turn => Asks(turn.Value).Contains(question.Content)).ToList();
            if (own.Count != 1)
                findings.Add(new Finding(FindingKind.TurnsOfMessage, $"{question.Content} has {own.Count} turns."));
            foreach (var sent in record.Sent.Where(sent => sent.Content == question.Content && own.Count == 1))
                CheckTold(sent, own[0].Key, own[0].Value, findings);
        }
    }

    /// <summary>A turn has one end, its last frame, and that names an answer of its own: what its frames say.</summary>
    private static void CheckTurn(List<StreamFrame> frames, Dictionary<string, HistoryMessage> answers, List<Finding> findings)
    {
        if (Asks(frames).Count() != 1)
            findings.Add(new Finding(FindingKind.TurnsOfMessage, $"{frames[0].TurnId} answers {Asks(frames).Count()} messages."));
        var end = frames.FindIndex(frame => frame.EndsTurn);
        if (end < 0)
        {
            findings.Add(new Finding(FindingKind.TurnWithoutEnd, frames[0].TurnId));
            return;
        }

        if (end < frames.Count - 1)
            findings.Add(new Finding(FindingKind.TurnGoesOnAfterItsEnd, frames[end + 1].ToString()));
        var done = frames[end];
        if (done.Type != "done" || done.Text("finishReason") != "stop")
            findings.Add(new Finding(FindingKind.TurnFailed, done.ToString()));
        else if (!answers.Remove(done.Text("messageId")!, out var answer))
            findings.Add(new Finding(FindingKind.AnswerMissing, done.ToString()));
        else if (Transcript.Bare(answer.Content) != Transcript.Bare(Transcript.Of(frames)))
            findings.Add(new Finding(FindingKind.AnswerDiffers, $"{answer} was said as {Transcript.Of(frames)}"));
    }

    private static void CheckTold(SentMessage sent, string turnId, List<StreamFrame> turn, List<Finding> findings)
    {
        var answerId = turn.Find(frame => frame.EndsTurn)?.Text("messageId");
        if ((sent.TurnId is not null && sent.TurnId != turnId) || (sent.AnswerId is not null && sent.AnswerId != answerId))
        {
            findings.Add(new Finding(
                FindingKind.AnswerOfAnother, $"{sent.Content}: told {sent.TurnId} {sent.AnswerId}, stands {turnId} {answerId}"));
        }
    }

    private static IEnumerable<HistoryMessage> Questions(SessionRecord record) => record.History.Where(message => message.Role == "user");

    private static IEnumerable<string> Asks(IEnumerable<StreamFrame> turn) =>
        turn.Where(frame => frame.Type == "message").Select(frame => frame.Text("content")!);

    private static bool IsRecovery(StreamFrame frame) => frame.IsStatus("recovering");

    private static long RestartFrom(StreamFrame recovery) => recovery.Json.GetProperty("restartFrom").GetInt64();

    private static bool Replaces(StreamFrame recovery, StreamFrame frame) =>
        recovery.TurnId == frame.TurnId && frame.Seq < recovery.Seq && frame.Seq >= RestartFrom(recovery);
}
