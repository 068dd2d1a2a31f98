using System.Text.Json;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Approvals;
using OpenClaw.Grains.Sessions;
using OpenClaw.Grains.Sessions.Journal;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Grains.Tests.Hosting;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Tests.Sessions;

/// <summary>Turns that were cut: the log is written as the dead process left it, then the session is woken.</summary>
public sealed class RecoveryTests : IAsyncLifetime
{
    private const string Turn = "turn-1-cut";

    private static readonly JsonElement Word = JsonElement.Parse("""{"word":"owl"}""");

    private readonly DateTimeOffset _at = DateTimeOffset.UnixEpoch.AddDays(20_000);
    private SiloHost _silo = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _silo = await SiloHost.StartAsync();

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task A_step_that_was_cut_is_asked_again_above_every_seq_that_was_seen()
    {
        var session = await CutAsync(Row(SessionEventKind.Frames, EventCodec.EncodeFrames([new TextFrame("hal"), new TextFrame("f")]), 2, 3));

        await session.Grain.Resume(Cancellation);
        (await _silo.Models.NextAsync()).Say("whole").Finish();
        var frames = await session.ReadTurnAsync(Turn, 0);

        Assert.Equal([1, 2, 3, 5001, 5002, 5003], frames.Select(frame => frame.Seq));
        Assert.Equal(2, Assert.IsType<RecoveringFrame>(frames[3].Frame).RestartFrom);
        Assert.Equal("whole", (await session.AnswerAsync(Turn)).Content);
        Assert.Equal(["question", "whole"], (await session.HistoryAsync()).Select(message => message.Content));
    }

    [Fact]
    public async Task A_call_that_was_cut_counts_with_its_reservation_and_is_marked_estimated()
    {
        var session = await CutAsync();

        await session.Grain.Resume(Cancellation);
        (await _silo.Models.NextAsync()).Say("whole").Finish();
        var usage = (await session.AnswerAsync(Turn)).Usage;

        // The answer's 10 and 5 are the model's own count.
        Assert.True(usage.Estimated);
        Assert.InRange(usage.InputTokens, 10 + 15, 10 + 200);
        Assert.Equal(8_192 + 5, usage.OutputTokens);
        var row = Assert.Single(await UsageAsync());
        Assert.Equal((1, usage.InputTokens, usage.OutputTokens), (row.Turns, row.InputTokens, row.OutputTokens));
        Assert.Equal((usage.InputTokens - 10, 8_192), (row.EstimatedInputTokens, row.EstimatedOutputTokens));
    }

    [Fact]
    public async Task A_call_that_is_cut_twice_counts_twice()
    {
        var mailbox = new MailboxState { Running = Running(TurnEnding.None) with { Used = new UsageState(30, 8_192, true) } };
        var session = await CutAsync(mailbox);

        await session.Grain.Resume(Cancellation);
        (await _silo.Models.NextAsync()).Say("whole").Finish();

        Assert.Equal((2 * 8_192) + 5, (await session.AnswerAsync(Turn)).Usage.OutputTokens);
        Assert.Equal(8_192 + 5, Assert.Single(await UsageAsync()).OutputTokens);
    }

    [Fact]
    public async Task A_turn_that_waited_for_its_slot_had_no_call_that_counts()
    {
        var session = await CutAsync(new MailboxState { Running = Running(TurnEnding.None) with { Waits = true } });

        await session.Grain.Resume(Cancellation);
        (await _silo.Models.NextAsync()).Say("whole").Finish();

        Assert.Equal(new TokenUsage(10, 5), (await session.AnswerAsync(Turn)).Usage);
        Assert.Equal(0, Assert.Single(await UsageAsync()).EstimatedOutputTokens);
    }

    [Fact]
    public async Task A_turn_that_was_cut_in_a_tool_keeps_the_count_of_its_finished_call()
    {
        var mailbox = new MailboxState { Running = Running(TurnEnding.None) with { Used = new UsageState(70, 7, false) } };
        var session = await CutAsync(mailbox, Intent("record", 2));

        await session.Grain.Resume(Cancellation);
        (await _silo.Models.NextAsync()).Say("I will check").Finish();

        Assert.Equal(new TokenUsage(80, 12), (await session.AnswerAsync(Turn)).Usage);
        // The finished call's usage was written with the tool's intent.
        Assert.Equal(5, Assert.Single(await UsageAsync()).OutputTokens);
    }

    [Fact]
    public async Task A_tool_that_was_under_way_is_not_run_again_and_the_model_is_told()
    {
        var session = await CutAsync(Intent("record", 2));

        await session.Grain.Resume(Cancellation);
        var step = await _silo.Models.NextAsync();
        step.Say("I will check").Finish();
        var frames = await session.ReadTurnAsync(Turn, 0);

        Assert.Equal(0, _silo.Recorder.Calls);
        Assert.Contains("interrupted", step.Request.Messages[^1].Contents[0] is Microsoft.Extensions.AI.FunctionResultContent result
            ? result.Result!.ToString() : "", StringComparison.Ordinal);
        Assert.Contains(frames, frame => frame.Frame is ToolFrame { Status: ToolStatus.Failed });
        Assert.Equal("checking\n\nI will check", (await session.AnswerAsync(Turn)).Content);
    }

    [Fact]
    public async Task An_idempotent_tool_that_was_under_way_is_run_again_under_the_same_key()
    {
        var session = await CutAsync(Intent("record_again", 2));

        await session.Grain.Resume(Cancellation);
        var call = await _silo.Repeatable.NextAsync();
        call.Answer.SetResult(RecorderTool.Recorded("owl"));
        (await _silo.Models.NextAsync()).Finish();
        await session.AnswerAsync(Turn);

        Assert.Equal($"{Turn}/1/call-1", call.Context.IdempotencyKey);
        Assert.Equal(1, _silo.Repeatable.Calls);
    }

    [Fact]
    public async Task A_tool_that_has_a_result_is_never_run_again()
    {
        var result = new ToolResultState { CallId = "call-1", Name = "record", Succeeded = true, Content = "recorded" };
        var session = await CutAsync(Intent("record", 2), Row(SessionEventKind.ToolResult, EventCodec.Encode(result), 3, 3));

        await session.Grain.Resume(Cancellation);
        var step = await _silo.Models.NextAsync();
        step.Say("done").Finish();
        var frames = await session.ReadTurnAsync(Turn, 0);

        Assert.Equal(0, _silo.Recorder.Calls);
        Assert.Equal(4, frames.Select(frame => frame.Frame).OfType<RecoveringFrame>().Single().RestartFrom);
        Assert.Equal("checking\n\ndone", (await session.AnswerAsync(Turn)).Content);
    }

    [Theory]
    [InlineData(ApprovalDecision.AllowOnce, 1)]
    [InlineData(ApprovalDecision.Deny, 0)]
    [InlineData(ApprovalDecision.Expired, 0)]
    public async Task An_answer_that_was_given_before_the_crash_counts(ApprovalDecision decision, int calls)
    {
        var session = await CutAsync(Answered(decision), Asked(2));

        await session.Grain.Resume(Cancellation);
        if (calls > 0) (await _silo.Repeatable.NextAsync()).Answer.SetResult(RecorderTool.Recorded("owl"));
        (await _silo.Models.NextAsync()).Say("done").Finish();

        Assert.Equal("checking\n\ndone", (await session.AnswerAsync(Turn)).Content);
        Assert.Equal(calls, _silo.Repeatable.Calls);
    }

    [Theory]
    [InlineData(ApprovalDecision.Deny)]
    [InlineData(ApprovalDecision.Expired)]
    public async Task A_call_that_was_denied_is_not_run_though_its_start_was_written(ApprovalDecision decision)
    {
        var intent = Row(SessionEventKind.ToolIntent, EventCodec.Encode(new ToolIntentState { CallId = "call-1", Name = "record_again" }), 3, 3);
        var session = await CutAsync(Answered(decision), Asked(2), intent);

        await session.Grain.Resume(Cancellation);
        (await _silo.Models.NextAsync()).Say("done").Finish();

        Assert.Equal("checking\n\ndone", (await session.AnswerAsync(Turn)).Content);
        Assert.Equal(0, _silo.Repeatable.Calls);
    }

    [Fact]
    public async Task A_turn_that_waits_for_an_approval_is_not_recovered()
    {
        var session = await CutAsync(Answered(null), Asked(2));

        await session.Grain.Resume(Cancellation);

        Assert.Equal("apr-1", Assert.Single((await session.Grain.ListApprovals(Cancellation))!.Approvals).ApprovalId);
        Assert.DoesNotContain(await session.ReadAllAsync(), frame => frame.Frame is RecoveringFrame);
        Assert.False(_silo.Models.HasCall);
    }

    [Fact]
    public async Task A_turn_that_was_told_to_end_ends_and_asks_nobody()
    {
        var session = await CutAsync(TurnEnding.Cancel, Row(SessionEventKind.Frames, EventCodec.EncodeFrames([new TextFrame("half")]), 2, 2));

        await session.Grain.Resume(Cancellation);
        var answer = await session.AnswerAsync(Turn);

        Assert.Equal(FinishReason.Cancelled, answer.FinishReason);
        Assert.False(_silo.Models.HasCall);
    }

    [Fact]
    public async Task Messages_that_waited_are_answered_after_the_turn_that_was_cut()
    {
        var waiting = new TurnState { TurnId = "turn-2-waiting", FirstSeq = 2, Scopes = Scopes.All };
        var message = EventCodec.Encode(new MessageState { Id = "msg-2", Content = "second question", Scopes = Scopes.All });
        var session = await CutAsync(
            new MailboxState { Running = Running(TurnEnding.None), Waiting = [waiting] },
            new SessionEventState(2, 2, waiting.TurnId, SessionEventKind.Message, message, _at));

        await session.Grain.Resume(Cancellation);
        (await _silo.Models.NextAsync()).Say("one").Finish();
        var second = await _silo.Models.NextAsync();
        second.Say("two").Finish();

        Assert.Equal("two", (await session.AnswerAsync(waiting.TurnId)).Content);
        Assert.Equal(["question", "one", "second question"], second.Request.Messages.Skip(1).Select(m => m.Text));
    }

    [Fact]
    public async Task An_activation_that_was_overtaken_steps_down_and_the_turn_goes_on_in_the_next()
    {
        var session = await _silo.CreateSessionAsync();
        var sent = await session.SendAsync("question");
        var step = await _silo.Models.NextAsync();
        var row = (await _silo.Log.FindAsync(session.Key, Cancellation))!;

        // What another activation would do: take the next epoch.
        var overtaken = await _silo.Log.AppendAsync(Takeover(row), Cancellation);
        step.Say("lost").Finish();
        await step.Updates.Reader.Completion;
        var answer = session.AnswerAsync(sent.TurnId);
        (await _silo.Models.NextAsync()).Say("kept").Finish();

        Assert.Equal(AppendOutcome.Written, overtaken);
        Assert.Equal("kept", (await answer).Content);
        Assert.Equal(["question", "kept"], (await session.HistoryAsync()).Select(message => message.Content));
    }

    private Task<IReadOnlyList<UsageInfo>> UsageAsync() =>
        _silo.Grains.GetTenantDirectory(new TenantKey(TenantId.Default)).ListUsage(DateOnly.MinValue, DateOnly.MaxValue, Cancellation);

    private static SessionAppend Takeover(SessionState row) => new()
    {
        Key = row.Key,
        AppendId = Guid.NewGuid(),
        ExpectedEpoch = row.Epoch,
        ExpectedRevision = row.Revision,
        Epoch = row.Epoch + 1,
        Head = row.Head,
        Reserved = row.Reserved,
        RunState = row.RunState,
        Mailbox = row.Mailbox,
        At = row.UpdatedAt,
    };

    private static TurnState Running(TurnEnding ending) =>
        new() { TurnId = Turn, FirstSeq = 1, Scopes = Scopes.All, StartedAt = 1, Model = "scripted", Ending = ending };

    private SessionEventState Row(SessionEventKind kind, byte[] payload, long from, long to) => new(from, to, Turn, kind, payload, _at);

    private SessionEventState Intent(string tool, long seq)
    {
        return Row(
            SessionEventKind.ToolIntent,
            EventCodec.Encode(new ToolIntentState { CallId = "call-1", Name = tool, Step = Step(tool) }), seq, seq);
    }

    private static StepState Step(string tool) => new()
    {
        Number = 1,
        Text = "checking",
        Calls = [new ToolCallState { CallId = "call-1", Name = tool, Arguments = Word.GetRawText() }],
    };

    /// <summary>The first event of a step, which asks for its one call.</summary>
    private SessionEventState Asked(long seq) => Row(
        SessionEventKind.Approval,
        EventCodec.Encode(new ApprovalRequestState { Id = "apr-1", Tool = "record_again", Arguments = Word, ExpiresAt = DateTimeOffset.MaxValue, Step = Step("record_again") }),
        seq,
        seq);

    private static MailboxState Answered(ApprovalDecision? decision)
    {
        var asked = new ApprovalState
        {
            Id = "apr-1",
            Seq = 2,
            Tool = "record_again",
            Digest = ApprovalRules.DigestOf("record_again", Word),
            Step = 1,
            CallId = "call-1",
            AskedAt = 0,
            ExpiresAt = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(),
            Decision = decision,
        };
        return new MailboxState
        {
            Running = Running(TurnEnding.None) with { Approvals = [asked] },
            ToolPolicy = [new ToolRuleState { Tool = "record*", Decision = (int)ToolDecision.Ask }],
        };
    }

    private Task<TestSession> CutAsync(params SessionEventState[] events) => CutAsync(TurnEnding.None, events);

    private Task<TestSession> CutAsync(TurnEnding ending, params SessionEventState[] events) =>
        CutAsync(new MailboxState { Running = Running(ending) }, events);

    private async Task<TestSession> CutAsync(MailboxState mailbox, params SessionEventState[] events)
    {
        var session = _silo.Session($"sess-{Guid.NewGuid():n}");
        var row = new SessionState { Key = session.Key, Model = "scripted", CreatedAt = _at, UpdatedAt = _at };
        var question = EventCodec.Encode(new MessageState { Id = "msg-1", Content = "question", Scopes = Scopes.All });
        Assert.True(await _silo.Log.CreateAsync(row, Cancellation));
        var appended = await _silo.Log.AppendAsync(
            Takeover(row) with
            {
                Head = events.Length > 0 ? events[^1].SeqTo : 1,
                Reserved = 5000,
                RunState = SessionRunState.Running,
                Mailbox = MailboxCodec.Encode(mailbox),
                MessageDelta = 1,
                Events = [new SessionEventState(1, 1, Turn, SessionEventKind.Message, question, _at), .. events],
            },
            Cancellation);
        Assert.Equal(AppendOutcome.Written, appended);
        return session;
    }
}
