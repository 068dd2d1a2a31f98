using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Approvals;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tests.Cluster;
using OpenClaw.Grains.Tests.Hosting;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Tests.Sessions;

/// <summary>Tool calls that wait for somebody: what is asked, what an answer does, and what a turn is while it waits.</summary>
public sealed class ApprovalTests : IAsyncLifetime
{
    private const string Owl = """{"word":"owl"}""";

    private readonly SignallingClock _time = new(DateTimeOffset.UnixEpoch.AddDays(20_000));
    private SiloHost _silo = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _silo = await SiloHost.StartAsync(new SiloHostSettings { Time = _time });

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task A_call_that_is_to_be_asked_for_waits_and_runs_once_it_is_allowed()
    {
        var (session, sent) = await AskAsync();

        var request = Assert.Single(await WaitingAsync(session));
        var waiting = (await session.Grain.GetAnswer(sent.TurnId, Cancellation))!;
        Assert.Equal((sent.TurnId, "record", Owl), (request.TurnId, request.Tool, request.Arguments.ToString()));
        Assert.Equal(TimeSpan.FromMinutes(30), request.ExpiresAt - request.CreatedAt);
        Assert.Equal((FinishReason.Approval, "May I?"), (waiting.FinishReason, waiting.Content));
        Assert.Equal(request.ApprovalId, Assert.Single(waiting.Approvals).ApprovalId);
        Assert.Equal(SessionRunState.Waiting, (await RowAsync(session)).RunState);
        Assert.Equal(SessionStatus.Active, (await session.InfoAsync()).Status);
        Assert.Equal(0, _silo.Recorder.Calls);

        Assert.Null((await DecideAsync(session, request.ApprovalId, ApprovalDecision.AllowOnce)).Problem);
        (await _silo.Recorder.NextAsync()).Answer.SetResult(RecorderTool.Recorded("owl"));
        (await _silo.Models.NextAsync()).Say("Done.").Finish();
        var answer = await session.AnswerAsync(sent.TurnId);

        Assert.Equal(("May I?\n\nDone.", waiting.MessageId, 20L), (answer.Content, answer.MessageId, answer.Usage.InputTokens));
        Assert.Equal("word_recorded", Assert.Single(answer.Actions).Type);
        Assert.Equal(
            ["MessageFrame", "TextFrame", "ApprovalFrame", "ToolFrame", "ActionFrame", "ToolFrame", "DoneFrame"],
            (await session.ReadAllAsync()).Select(frame => frame.Frame.GetType().Name).Where((name, at) => name != "TextFrame" || at == 1));
        Assert.Equal(Enumerable.Range(1, (int)(await RowAsync(session)).Head).Select(seq => (long)seq), (await session.ReadAllAsync()).Select(frame => frame.Seq));
        Assert.Empty(await WaitingAsync(session));
        Assert.Null((await RowAsync(session)).Mailbox is { } mailbox ? Grains.Sessions.Journal.MailboxCodec.Decode(mailbox).Running : null);
    }

    [Fact]
    public async Task A_call_that_is_denied_does_not_run_and_the_model_is_told()
    {
        var (session, sent) = await AskAsync();

        Assert.Null((await DecideAsync(session, await OnlyAsync(session), ApprovalDecision.Deny)).Problem);
        var next = await _silo.Models.NextAsync();
        next.Say("Then not.").Finish();

        Assert.Contains("did not allow", ResultOf(next), StringComparison.Ordinal);
        Assert.Equal("May I?\n\nThen not.", (await session.AnswerAsync(sent.TurnId)).Content);
        Assert.Equal(0, _silo.Recorder.Calls);
        Assert.Equal([ToolStatus.Started, ToolStatus.Failed], (await session.ReadAllAsync()).Select(frame => frame.Frame).OfType<ToolFrame>().Select(tool => tool.Status));
    }

    [Fact]
    public async Task The_first_answer_counts_and_holds_once()
    {
        var (session, _) = await AskAsync();
        var id = await OnlyAsync(session);

        await DecideAsync(session, id, ApprovalDecision.AllowOnce);
        var other = await DecideAsync(session, id, ApprovalDecision.Deny);
        var same = await DecideAsync(session, id, ApprovalDecision.AllowOnce);
        Assert.Equal(409, other.Problem?.Status);
        Assert.Equal(("record", null), (same.Tool, same.Problem));
        Assert.Equal(404, (await DecideAsync(session, "apr-unknown", ApprovalDecision.Deny)).Problem?.Status);
        (await _silo.Recorder.NextAsync()).Answer.SetResult(RecorderTool.Recorded("owl"));
        (await _silo.Models.NextAsync()).Call("record", Owl, "call-2").Finish();

        // The same again is asked for again.
        await UntilAskedAsync(session, count: 2);
        Assert.Equal(409, (await DecideAsync(session, id, ApprovalDecision.Deny)).Problem?.Status);
        await DecideAsync(session, await OnlyAsync(session), ApprovalDecision.Deny);
        (await _silo.Models.NextAsync()).Finish();
        Assert.Equal(1, _silo.Recorder.Calls);
    }

    [Fact]
    public async Task What_is_allowed_for_good_is_this_tool_with_these_arguments_in_this_session()
    {
        var (session, sent) = await AskAsync();
        await DecideAsync(session, await OnlyAsync(session), ApprovalDecision.AllowAlways);
        (await _silo.Recorder.NextAsync()).Answer.SetResult(RecorderTool.Recorded("owl"));
        (await _silo.Models.NextAsync()).Finish();
        await session.AnswerAsync(sent.TurnId);

        await session.SendAsync("again");
        (await _silo.Models.NextAsync()).Call("record", """{ "word": "owl" }""").Finish();
        (await _silo.Recorder.NextAsync()).Answer.SetResult(RecorderTool.Recorded("owl"));
        (await _silo.Models.NextAsync()).Call("record", """{"word":"crow"}""", "call-2").Finish();
        await UntilAskedAsync(session, count: 2);

        Assert.Equal("""{"word":"crow"}""", Assert.Single(await WaitingAsync(session)).Arguments.ToString());
        Assert.Equal(2, _silo.Recorder.Calls);
        var (elsewhere, _) = await AskAsync();
        Assert.Single(await WaitingAsync(elsewhere));
    }

    [Fact]
    public async Task All_calls_of_a_step_are_asked_for_at_once_and_the_turn_goes_on_when_all_are_answered()
    {
        var session = await _silo.CreateSessionAsync(Asking());
        var sent = await session.SendAsync("record all");
        (await _silo.Models.NextAsync())
            .Call("record_again", """{"word":"free"}""", "call-0").Call("record", Owl).Call("record_again", """{"word":"asked"}""", "call-2").Call("record", """{"word":7}""", "call-3").Finish();
        (await _silo.Repeatable.NextAsync()).Answer.SetResult(RecorderTool.Recorded("free"));
        await UntilAskedAsync(session, count: 1);

        // What was free to run has run; what could not be called anyway is not asked for.
        var asked = await WaitingAsync(session);
        Assert.Equal(["record", "record_again"], asked.Select(request => request.Tool));
        await DecideAsync(session, asked[1].ApprovalId, ApprovalDecision.AllowOnce);
        Assert.Equal(FinishReason.Approval, (await session.Grain.GetAnswer(sent.TurnId, Cancellation))!.FinishReason);
        await DecideAsync(session, asked[0].ApprovalId, ApprovalDecision.Deny);
        (await _silo.Repeatable.NextAsync()).Answer.SetResult(RecorderTool.Recorded("asked"));
        (await _silo.Models.NextAsync()).Say("so").Finish();

        Assert.Equal(FinishReason.Stop, (await session.AnswerAsync(sent.TurnId)).FinishReason);
        Assert.Equal((0, 2), (_silo.Recorder.Calls, _silo.Repeatable.Calls));
    }

    [Fact]
    public async Task What_nobody_answers_is_denied_when_its_time_is_over()
    {
        var (session, sent) = await AskAsync();
        var id = await OnlyAsync(session);
        Assert.Equal("approval", Assert.Single(await RemindersOf(session)).ReminderName);

        _time.Advance(TimeSpan.FromMinutes(30));
        await session.Grain.AsReference<IRemindable>().ReceiveReminder("approval", default, Cancellation);
        var next = await _silo.Models.NextAsync();
        next.Say("Then not.").Finish();

        Assert.Contains("in time", ResultOf(next), StringComparison.Ordinal);
        Assert.Equal(409, (await DecideAsync(session, id, ApprovalDecision.AllowOnce)).Problem?.Status);
        Assert.Equal(FinishReason.Stop, (await session.AnswerAsync(sent.TurnId)).FinishReason);
        Assert.Equal(0, _silo.Recorder.Calls);
        Assert.Empty(await RemindersOf(session));
    }

    [Fact]
    public async Task An_answer_that_comes_too_late_is_refused_though_nothing_has_woken_the_session()
    {
        var (session, _) = await AskAsync();
        var id = await OnlyAsync(session);

        _time.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal(409, (await DecideAsync(session, id, ApprovalDecision.AllowOnce)).Problem?.Status);
        Assert.Contains("in time", ResultOf(await _silo.Models.NextAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Answers_given_again_and_again_leave_the_next_request_its_end()
    {
        var (session, _) = await AskAsync();
        var id = await OnlyAsync(session);
        await DecideAsync(session, id, ApprovalDecision.AllowOnce);
        (await _silo.Recorder.NextAsync()).Answer.SetResult(RecorderTool.Recorded("owl"));
        var step = await _silo.Models.NextAsync();

        var repeated = Enumerable.Range(0, 50).Select(_ => DecideAsync(session, id, ApprovalDecision.AllowOnce)).ToList();
        step.Call("record", """{"word":"crow"}""", "call-2").Finish();
        repeated.AddRange(Enumerable.Range(0, 50).Select(_ => DecideAsync(session, id, ApprovalDecision.AllowOnce)));
        Assert.All(await Task.WhenAll(repeated), outcome => Assert.Null(outcome.Problem));
        await UntilAskedAsync(session, count: 2);
        // Behind whatever they have left to do.
        await session.Grain.AsReference<IRemindable>().ReceiveReminder("approval", default, Cancellation);

        Assert.Single(await RemindersOf(session));
        Assert.Single(await WaitingAsync(session));
    }

    [Fact]
    public async Task What_is_asked_is_seen_as_it_is_written_however_the_model_wrote_it()
    {
        var session = await _silo.CreateSessionAsync(Asking());
        await session.SendAsync("record it");
        (await _silo.Models.NextAsync()).Call("record", "{\n  \"word\": \"\u96ea\",\r\n\t\"more\": \"ä\"\n}").Finish();
        ApprovalFrame? live = null;
        for (var after = 0L; live is null;)
        {
            var batch = await session.ReadAsync(after, null);
            live = batch.Frames.Select(frame => frame.Frame).OfType<ApprovalFrame>().FirstOrDefault();
            after = batch.ThroughSeq;
        }

        await _silo.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero, Cancellation);
        var replayed = (await session.ReadAllAsync()).Select(frame => frame.Frame).OfType<ApprovalFrame>().Single();

        Assert.Equal(live.Arguments.ToString(), replayed.Arguments.ToString());
        Assert.DoesNotContain('\n', live.Arguments.ToString());
        Assert.Equal("雪", System.Text.Json.JsonElement.Parse(live.Arguments.ToString()).GetProperty("word").GetString());
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_told_to_the_model_and_asked_of_nobody()
    {
        var session = await _silo.CreateSessionAsync(Asking());
        await session.SendAsync("record it");
        (await _silo.Models.NextAsync()).Call("record", """{"word":"\ud800"}""").Finish();
        var next = await _silo.Models.NextAsync();

        Assert.Contains("surrogate", ResultOf(next), StringComparison.Ordinal);
        next.Finish();
    }

    [Fact]
    public async Task A_policy_that_is_lifted_while_a_call_is_on_its_way_asks_nobody_and_the_model_once()
    {
        var session = await _silo.CreateSessionAsync(Asking());
        var sent = await session.SendAsync("record it");
        var step = await _silo.Models.NextAsync();
        await session.Grain.Update(new UpdateSession { ToolPolicy = ToolPolicy.Empty }, Cancellation);
        step.Call("record", Owl).Finish();

        (await _silo.Recorder.NextAsync()).Answer.SetResult(RecorderTool.Recorded("owl"));
        (await _silo.Models.NextAsync()).Finish();
        Assert.DoesNotContain(await session.ReadTurnAsync(sent.TurnId), frame => frame.Frame is ApprovalFrame);
    }

    [Fact]
    public async Task A_policy_that_denies_asks_nobody()
    {
        var session = await _silo.CreateSessionAsync(new CreateSession { ToolPolicy = Policy("record", ToolDecision.Deny) });
        var sent = await session.SendAsync("record it");
        (await _silo.Models.NextAsync()).Call("record", Owl).Finish();
        var next = await _silo.Models.NextAsync();
        next.Finish();

        Assert.Contains("does not allow", ResultOf(next), StringComparison.Ordinal);
        Assert.DoesNotContain(await session.ReadTurnAsync(sent.TurnId), frame => frame.Frame is ApprovalFrame);
        Assert.Equal(0, _silo.Recorder.Calls);
    }

    [Fact]
    public async Task A_tenants_policy_holds_whatever_its_sessions_say()
    {
        var tenant = _silo.Grains.GetTenant(new TenantKey(TenantId.Default));
        Assert.True(await tenant.SetToolPolicy(Policy("record", ToolDecision.Deny), Cancellation));
        var session = await _silo.CreateSessionAsync(new CreateSession { ToolPolicy = Policy("*", ToolDecision.Allow) });
        await session.SendAsync("record it");
        (await _silo.Models.NextAsync()).Call("record", Owl).Finish();
        Assert.Contains("does not allow", ResultOf(await _silo.Models.NextAsync()), StringComparison.Ordinal);

        Assert.Equal("record", Assert.Single((await tenant.GetLimits(Cancellation))!.ToolPolicy!.Rules).Tool);
    }

    [Fact]
    public async Task A_turn_that_waits_can_be_cancelled_and_its_request_goes_with_it()
    {
        var (session, sent) = await AskAsync();
        var id = await OnlyAsync(session);

        Assert.Equal(sent.TurnId, (await session.Grain.Cancel(Cancellation)).TurnId);

        Assert.Equal(FinishReason.Cancelled, (await session.AnswerAsync(sent.TurnId)).FinishReason);
        Assert.Equal(404, (await DecideAsync(session, id, ApprovalDecision.AllowOnce)).Problem?.Status);
        Assert.Equal(SessionRunState.Idle, (await RowAsync(session)).RunState);
        Assert.Equal(0, _silo.Recorder.Calls);
    }

    [Fact]
    public async Task Messages_that_come_meanwhile_wait_or_end_it_by_their_rule()
    {
        var (session, sent) = await AskAsync();
        var waiting = await session.SendAsync("next", OverlapRule.Enqueue);
        Assert.False(_silo.Models.HasCall);

        var interrupting = await session.SendAsync("stop that", OverlapRule.Interrupt);
        (await _silo.Models.NextAsync()).Say("next it is").Finish();
        (await _silo.Models.NextAsync()).Say("stopped").Finish();

        Assert.Equal(FinishReason.Cancelled, (await session.AnswerAsync(sent.TurnId)).FinishReason);
        Assert.Equal("next it is", (await session.AnswerAsync(waiting.TurnId)).Content);
        Assert.Equal("stopped", (await session.AnswerAsync(interrupting.TurnId)).Content);
        Assert.Equal(0, _silo.Recorder.Calls);
    }

    [Fact]
    public async Task A_message_that_is_steered_to_it_is_taken_up_after_the_answer()
    {
        var (session, sent) = await AskAsync();
        var steered = await session.SendAsync("and tell me", OverlapRule.Steer);
        Assert.Equal((sent.TurnId, true), (steered.TurnId, steered.TurnWaits));

        await DecideAsync(session, await OnlyAsync(session), ApprovalDecision.Deny);
        var next = await _silo.Models.NextAsync();
        next.Say("Told.").Finish();

        Assert.Equal("and tell me", next.Request.Messages[^1].Text);
        Assert.Equal(FinishReason.Stop, (await session.AnswerAsync(sent.TurnId)).FinishReason);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_outlives_its_activation_and_nothing_jumps(bool allows)
    {
        var (session, sent) = await AskAsync();
        var before = await session.ReadAllAsync();
        await _silo.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero, Cancellation);

        await session.Grain.Resume(Cancellation);
        Assert.Equal(before.Select(frame => frame.ToString()), (await session.ReadAllAsync()).Select(frame => frame.ToString()));
        Assert.Equal("May I?", (await session.Grain.GetAnswer(sent.TurnId, Cancellation))!.Content);
        await DecideAsync(session, await OnlyAsync(session), allows ? ApprovalDecision.AllowOnce : ApprovalDecision.Deny);
        if (allows) (await _silo.Recorder.NextAsync()).Answer.SetResult(RecorderTool.Recorded("owl"));
        (await _silo.Models.NextAsync()).Say("Done.").Finish();

        Assert.Equal("May I?\n\nDone.", (await session.AnswerAsync(sent.TurnId)).Content);
        var all = await session.ReadAllAsync();
        Assert.Equal(Enumerable.Range(1, all.Count).Select(seq => (long)seq), all.Select(frame => frame.Seq));
        Assert.Equal(allows ? 1 : 0, _silo.Recorder.Calls);
    }

    [Fact]
    public async Task Nobody_allows_a_tool_that_they_could_not_use()
    {
        var (session, _) = await AskAsync();
        var id = await OnlyAsync(session);

        var refused = await session.Grain.Decide(new DecideApproval(id, ApprovalDecision.AllowAlways, Scopes.Read | Scopes.Write), Cancellation);

        Assert.Equal(403, refused.Problem?.Status);
        Assert.Equal(id, await OnlyAsync(session));
        Assert.Null((await session.Grain.Decide(new DecideApproval(id, ApprovalDecision.Deny, Scopes.Write), Cancellation)).Problem);
    }

    [Fact]
    public async Task A_turn_that_waits_takes_none_of_its_tenants_places()
    {
        var tenant = _silo.Grains.GetTenant(new TenantKey(TenantId.Default));
        var limits = (await tenant.GetLimits(Cancellation))!;
        await tenant.SetLimits(limits with { ConcurrentTurns = 1 }, Cancellation);
        _time.Advance(TimeSpan.FromSeconds(2));
        await AskAsync();

        var (other, _) = await AskAsync();

        Assert.Single(await WaitingAsync(other));
        Assert.Empty(await _silo.Log.ListRunningAsync(10, Cancellation));
    }

    /// <summary>A turn that waits for somebody to allow one call.</summary>
    private async Task<(TestSession Session, SendResult Sent)> AskAsync()
    {
        var session = await _silo.CreateSessionAsync(Asking());
        var sent = await session.SendAsync("record it");
        (await _silo.Models.NextAsync()).Say("May I?").Call("record", Owl).Finish();
        await UntilAskedAsync(session, count: 1);
        return (session, sent);
    }

    /// <summary>Waits until as many steps have asked.</summary>
    private static async Task UntilAskedAsync(TestSession session, int count)
    {
        var turns = new HashSet<long>();
        for (long after = 0; turns.Count < count;)
        {
            var batch = await session.ReadAsync(after, null);
            foreach (var frame in batch.Frames.Where(frame => frame.Frame is ApprovalFrame)) turns.Add(frame.Seq);
            after = batch.ThroughSeq;
        }
    }

    private static async Task<IReadOnlyList<ApprovalRequest>> WaitingAsync(TestSession session) =>
        (await session.Grain.ListApprovals(Cancellation))!.Approvals;

    private static async Task<string> OnlyAsync(TestSession session) => Assert.Single(await WaitingAsync(session)).ApprovalId;

    private static Task<ApprovalOutcome> DecideAsync(TestSession session, string id, ApprovalDecision decision) =>
        session.Grain.Decide(new DecideApproval(id, decision, Scopes.All), Cancellation);

    private async Task<SessionState> RowAsync(TestSession session) => (await _silo.Log.FindAsync(session.Key, Cancellation))!;

    private static string? ResultOf(ModelStep step) => Assert.IsType<FunctionResultContent>(step.Request.Messages[^1].Contents[0]).Result?.ToString();

    private async Task<IList<ReminderEntry>> RemindersOf(TestSession session)
    {
        var table = _silo.Services.GetRequiredService<IReminderTable>();
        return (await table.ReadRows(session.Grain.GetGrainId())).Reminders;
    }

    private static CreateSession Asking() => new()
    {
        ToolPolicy = new ToolPolicy
        {
            Rules =
            [
                new ToolRule { Tool = "record_again", Arguments = [new ArgumentPattern("word", "free")], Decision = ToolDecision.Allow },
                new ToolRule { Tool = "record*", Decision = ToolDecision.Ask },
            ],
        },
    };

    private static ToolPolicy Policy(string tool, ToolDecision decision) => new() { Rules = [new ToolRule { Tool = tool, Decision = decision }] };
}
