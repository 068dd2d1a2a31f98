using OpenClaw.ModelServer;
using OpenClaw.Testing.Audits;
using OpenClaw.Testing.Http;

namespace OpenClaw.Chaos.Tests.Audits;

/// <summary>Holds a turn against the records of the model server and of the tool, which no crash has touched.</summary>
internal static class TurnAudit
{
    private const string Completed = "completed";

    /// <returns>Every promise that was broken; empty when all were kept.</returns>
    public static IReadOnlyList<Finding> Audit(TurnEvidence turn)
    {
        var findings = new List<Finding>();
        CheckTools(turn, findings);
        CheckModel(turn, findings);
        CheckUsage(turn, findings);
        return findings;
    }

    /// <summary>
    /// Each call was run once, or, when a crash cut it, at most once; the model and the client were told of exactly those
    /// runs whose result was written.
    /// </summary>
    private static void CheckTools(TurnEvidence turn, List<Finding> findings)
    {
        var told = 0;
        foreach (var word in turn.Script.Words)
        {
            var runs = turn.Runs[word].ToList();
            if (runs.Count > 1)
                findings.Add(new Finding(FindingKind.ToolRunTwice, $"{word}: {string.Join(", ", runs)}"));
            var isTold = turn.Answer.Contains($"recorded {word}", StringComparison.Ordinal);
            told += isTold ? 1 : 0;
            if (isTold && runs.Count == 0)
                findings.Add(new Finding(FindingKind.ToolNotRun, $"The model was told that {word} was recorded."));
            if (!isTold && !turn.Recovered)
                findings.Add(new Finding(FindingKind.ToolNotRun, $"{word}: '{turn.Answer}'"));
        }

        var shown = turn.Frames.Count(frame => frame.Type == "tool" && frame.Text("status") == "succeeded");
        if (shown != told)
            findings.Add(new Finding(FindingKind.ToolNotRun, $"{shown} calls were shown as succeeded, the model was told of {told}: {turn.Script.Content}"));
    }

    private static void CheckModel(TurnEvidence turn, List<Finding> findings)
    {
        var answers = turn.Asked.Count(request => request.Outcome == Completed);
        if (answers == 0 || (!turn.Recovered && (answers != turn.Script.Steps || answers != turn.Asked.Count)))
        {
            findings.Add(new Finding(
                FindingKind.ModelCalls,
                $"{turn.Script.Steps} steps, the model was asked {turn.Asked.Count} times and answered {answers}: {turn.Script.Content}"));
        }

        if (turn.Script.Answer is { } answer && answer != turn.Answer)
            findings.Add(new Finding(FindingKind.AnswerDiffers, $"'{turn.Answer}' answers {turn.Script.Content}"));
    }

    /// <summary>
    /// A turn without a crash used what the model counted. One that recovered used at least one answer of the model, and
    /// beyond what the model counted only what is marked as estimated.
    /// </summary>
    private static void CheckUsage(TurnEvidence turn, List<Finding> findings)
    {
        if (turn.Frames.LastOrDefault(frame => frame.Type == "done") is not { } done)
            return;
        var used = TokenCount.Parse(done.Json.GetProperty("usage"));
        var calls = turn.Asked.Where(request => request.Outcome == Completed).Select(Count).ToList();
        var counted = TokenCount.Sum(calls);
        var kept = turn.Recovered
            ? calls.Exists(used.Covers) && (IsEstimated(done) || counted.Covers(used))
            : used == counted && !IsEstimated(done);
        if (!kept)
            findings.Add(new Finding(FindingKind.UsageDiffers, $"The model counted {counted}: {done}"));
    }

    private static TokenCount Count(RecordedRequest request) => new(request.InputTokens, request.OutputTokens);

    private static bool IsEstimated(StreamFrame done) =>
        done.Json.GetProperty("usage").TryGetProperty("estimated", out var estimated) && estimated.GetBoolean();
}
