using System.Text.Json;
using OpenClaw.Chaos.Tests.Clients;
using OpenClaw.ModelServer;
using OpenClaw.Testing.Audits;
using OpenClaw.Testing.Http;

namespace OpenClaw.Chaos.Tests.Audits;

/// <summary>The audit of a turn finds what it looks for: each record is true but for one thing, and that is what it reports.</summary>
public sealed class TurnAuditTests
{
    private readonly List<ToolRun> _runs = [new("w-a", "s t/1/c"), new("w-b", "s t/2/c")];
    private readonly List<RecordedRequest> _asked = [Asked(10), Asked(10), Asked(20)];
    private readonly List<StreamFrame> _frames = [Tool(1, "succeeded"), Tool(2, "succeeded"), Done(3, 21, 40)];
    private MessageScript _script = new("question", ["w-a", "w-b"], 3, null);
    private string _answer = "The tool answered: recorded w-a\nrecorded w-b";

    [Fact]
    public void A_true_record_has_no_findings() => AssertFinds();

    [Fact]
    public void A_call_that_a_crash_cut_may_have_been_made_or_not()
    {
        Interrupt();
        AssertFinds();
        _runs.RemoveAt(1);
        AssertFinds();
    }

    [Fact]
    public void A_step_that_was_asked_again_after_a_crash_may_have_been_counted_once_or_twice()
    {
        _frames.Insert(0, Recovering(0));
        _asked.Add(Asked(20));
        AssertFinds();
        _frames[^1] = Done(3, 28, 60);
        AssertFinds();
    }

    [Fact]
    public void A_tool_that_was_run_twice()
    {
        _runs.Add(new ToolRun("w-a", "s t/2/c"));
        AssertFinds(FindingKind.ToolRunTwice);
    }

    [Fact]
    public void A_tool_that_is_said_to_have_run_and_has_not()
    {
        _runs.RemoveAt(0);
        AssertFinds(FindingKind.ToolNotRun);
    }

    [Fact]
    public void A_run_that_the_model_was_not_told_of()
    {
        _answer = "The tool answered: recorded w-a\nThe tool failed.";
        AssertFinds(FindingKind.ToolNotRun, FindingKind.ToolNotRun);
    }

    [Fact]
    public void A_call_that_the_client_saw_fail_and_the_model_succeed()
    {
        Interrupt();
        _answer = "The tool answered: recorded w-a\nrecorded w-b";
        AssertFinds(FindingKind.ToolNotRun);
    }

    [Fact]
    public void A_model_that_was_asked_once_too_often()
    {
        _asked.Add(Asked(0) with { Outcome = "aborted" });
        AssertFinds(FindingKind.ModelCalls);
    }

    [Fact]
    public void An_answer_that_the_model_never_gave()
    {
        Interrupt();
        _asked.Clear();
        AssertFinds(FindingKind.ModelCalls, FindingKind.UsageDiffers);
    }

    [Fact]
    public void An_answer_with_other_words_than_the_models()
    {
        _script = _script with { Answer = "token1 token2" };
        AssertFinds(FindingKind.AnswerDiffers);
    }

    [Theory]
    [InlineData(20, 40)]
    [InlineData(22, 40)]
    [InlineData(21, 39)]
    [InlineData(21, 41)]
    public void A_turn_that_used_other_tokens_than_the_model_counted(long input, long output)
    {
        _frames[^1] = Done(3, input, output);
        AssertFinds(FindingKind.UsageDiffers);
    }

    [Theory]
    [InlineData(6, 10)]
    [InlineData(22, 40)]
    public void A_recovered_turn_that_used_fewer_tokens_than_an_answer_has_or_more_than_all_have(long input, long output)
    {
        Interrupt();
        _frames[^1] = Done(3, input, output);
        AssertFinds(FindingKind.UsageDiffers);
    }

    [Fact]
    public void A_tenant_that_used_what_its_turns_did_and_estimates_beside_it() =>
        Assert.Empty(UsageAudit.Audit(Usage(turns: 2, output: 90, estimatedOutput: 10), [Done(1, 21, 40), Done(2, 21, 40)]));

    [Theory]
    [InlineData(1, 80, 0)]
    [InlineData(3, 80, 0)]
    [InlineData(2, 79, 0)]
    [InlineData(2, 81, 0)]
    [InlineData(2, 91, 10)]
    public void A_tenant_that_used_something_else(int turns, long output, long estimatedOutput)
    {
        var findings = UsageAudit.Audit(Usage(turns, output, estimatedOutput), [Done(1, 21, 40), Done(2, 21, 40)]);
        Assert.Equal(FindingKind.UsageDiffers, Assert.Single(findings).Kind);
    }

    private static RecordedRequest Asked(int tokens) => new()
    {
        Number = 1,
        Method = "POST",
        Path = "/v1/chat/completions",
        Headers = new Dictionary<string, string>(),
        Body = "",
        UserText = "question",
        Model = "scripted",
        Streamed = true,
        ReceivedAt = DateTimeOffset.UnixEpoch,
        Outcome = "completed",
        InputTokens = 7,
        OutputTokens = tokens,
    };

    private static StreamFrame Tool(long seq, string status) => Frame(seq, new { type = "tool", turnId = "t", name = "record", status });

    private static StreamFrame Recovering(long seq) => Frame(seq, new { type = "status", turnId = "t", status = "recovering", restartFrom = 1 });

    private static StreamFrame Done(long seq, long inputTokens, long outputTokens) =>
        Frame(seq, new { type = "done", turnId = "t", usage = new { inputTokens, outputTokens } });

    private static StreamFrame Frame(long seq, object body)
    {
        var raw = JsonSerializer.Serialize(body);
        return new StreamFrame(seq, raw, JsonElement.Parse(raw));
    }

    private static JsonElement Usage(int turns, long output, long estimatedOutput) => JsonSerializer.SerializeToElement(new
    {
        usage = new[] { new { turns, inputTokens = 42, outputTokens = output, estimatedOutputTokens = estimatedOutput } },
    });

    /// <summary>A crash cut the second call; its run is there.</summary>
    private void Interrupt()
    {
        _frames.Insert(1, Recovering(2));
        _frames[2] = Tool(2, "failed");
        _answer = "The tool answered: recorded w-a\nThe call was interrupted.";
    }

    private void AssertFinds(params FindingKind[] expected)
    {
        var turn = new TurnEvidence(_script, _frames, _answer, _asked, _runs.ToLookup(run => run.Word));
        Assert.Equal(expected.Order(), TurnAudit.Audit(turn).Select(finding => finding.Kind).Order());
    }
}
