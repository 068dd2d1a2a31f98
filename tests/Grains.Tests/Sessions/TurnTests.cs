using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Idempotency;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Tests.Hosting;

namespace OpenClaw.Grains.Tests.Sessions;

public sealed class TurnTests : IAsyncLifetime
{
    private SiloHost _silo = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _silo = await SiloHost.StartAsync(
        ("OpenClaw:Sessions:MaxSteps", "3"), ("OpenClaw:Sessions:RecentTurns", "4"));

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task A_turns_frames_are_its_text_its_code_and_its_end_with_seqs_rising_by_one()
    {
        var session = await _silo.CreateSessionAsync();
        var sent = await session.SendAsync("code please");
        (await _silo.Models.NextAsync()).Say("Here:\n").Say("```js\nlet a").Say(" = 1\n```\nbye").Finish();

        var frames = await session.ReadTurnAsync(sent.TurnId, sent.Seq);

        Assert.Equal(Enumerable.Range(2, frames.Count).Select(seq => (long)seq), frames.Select(frame => frame.Seq));
        Assert.Contains(frames, frame => frame.Frame is CodeFrame { Language: "js" });
        Assert.IsType<DoneFrame>(frames[^1].Frame);
        Assert.Equal("Here:\n```js\nlet a = 1\n```\nbye", (await session.AnswerAsync(sent.TurnId)).Content);
    }

    [Fact]
    public async Task A_reader_sees_a_word_while_the_model_still_speaks()
    {
        var session = await _silo.CreateSessionAsync();
        var sent = await session.SendAsync("go");
        var step = await _silo.Models.NextAsync();
        var read = session.ReadAsync(sent.Seq, sent.TurnId);

        step.Say("first");

        Assert.Equal("first", TestSession.TextOf((await read).Frames));
        step.Finish();
    }

    [Fact]
    public async Task A_tool_call_is_shown_recorded_and_answered_to_the_model()
    {
        var session = await _silo.CreateSessionAsync();
        var sent = await session.SendAsync("record it");
        (await _silo.Models.NextAsync()).Say("Recording.").Call("record", """{"word":"owl"}""").Finish();
        (await _silo.Recorder.NextAsync()).Answer.SetResult(RecorderTool.Recorded("owl"));
        var second = await _silo.Models.NextAsync();
        second.Say("Recorded.").Finish();

        var answer = await session.AnswerAsync(sent.TurnId);
        var frames = await session.ReadTurnAsync(sent.TurnId, sent.Seq);

        Assert.Equal("Recording.\n\nRecorded.", answer.Content);
        Assert.Equal("word_recorded", Assert.Single(answer.Actions).Type);
        Assert.Equal(20, answer.Usage.InputTokens);
        Assert.Equal("tool", second.Request.Messages[^1].Role.Value);
        Assert.Equal(
            [ToolStatus.Started, ToolStatus.Succeeded],
            frames.Select(frame => frame.Frame).OfType<ToolFrame>().Select(tool => tool.Status));
    }

    [Theory]
    [InlineData("no_such_tool", "{}")]
    [InlineData("record", "{broken")]
    [InlineData("record", """{"word":7}""")]
    public async Task A_call_that_cannot_be_made_is_told_to_the_model_and_the_turn_goes_on(string tool, string arguments)
    {
        var session = await _silo.CreateSessionAsync();
        var sent = await session.SendAsync("record it");
        (await _silo.Models.NextAsync()).Call(tool, arguments).Finish();
        (await _silo.Models.NextAsync()).Say("sorry").Finish();

        var frames = await session.ReadTurnAsync(sent.TurnId, sent.Seq);

        Assert.Contains(frames, frame => frame.Frame is ToolFrame { Status: ToolStatus.Failed });
        Assert.Equal("sorry", (await session.AnswerAsync(sent.TurnId)).Content);
        Assert.Equal(0, _silo.Recorder.Calls);
    }

    [Fact]
    public async Task A_turn_has_no_tool_that_its_senders_scopes_do_not_allow()
    {
        var session = await _silo.CreateSessionAsync();
        await session.SendAsync("record it", scopes: Scopes.Read | Scopes.Write);
        var step = await _silo.Models.NextAsync();
        step.Call("record", """{"word":"owl"}""").Finish();
        (await _silo.Models.NextAsync()).Finish();

        Assert.DoesNotContain(step.Request.Tools, tool => tool.Name == "record");
        Assert.Equal(0, _silo.Recorder.Calls);
    }

    [Fact]
    public async Task A_turn_ends_when_its_steps_are_used_up()
    {
        var session = await _silo.CreateSessionAsync();
        var sent = await session.SendAsync("loop");
        for (var i = 1; i <= 3; i++) (await _silo.Models.NextAsync()).Call("no_such_tool", callId: $"call-{i}").Finish();

        Assert.Equal(FinishReason.MaxSteps, (await session.AnswerAsync(sent.TurnId)).FinishReason);
        Assert.False(_silo.Models.HasCall);
    }

    [Fact]
    public async Task A_failing_model_ends_the_turn_with_an_error_frame_and_the_next_message_is_answered()
    {
        var session = await _silo.CreateSessionAsync();
        var sent = await session.SendAsync("go");
        (await _silo.Models.NextAsync()).Fail(Problem.Internal(502, Reasons.Unexpected));

        var frames = await session.ReadTurnAsync(sent.TurnId, sent.Seq);
        var again = await session.SendAsync("again");
        (await _silo.Models.NextAsync()).Say("ok").Finish();

        Assert.Equal(502, Assert.IsType<ErrorFrame>(frames[^1].Frame).Problem.Status);
        Assert.Equal("ok", (await session.AnswerAsync(again.TurnId)).Content);
        Assert.Equal(["go", "again", "ok"], (await session.HistoryAsync()).Select(message => message.Content));
    }

    [Fact]
    public async Task A_cancelled_turn_keeps_what_it_said_and_gives_its_model_up()
    {
        var session = await _silo.CreateSessionAsync();
        var sent = await session.SendAsync("go");
        var step = (await _silo.Models.NextAsync()).Say("half");
        await session.ReadAsync(sent.Seq, sent.TurnId);

        var cancelled = await session.Grain.Cancel(Cancellation);

        Assert.Equal(sent.TurnId, cancelled.TurnId);
        await step.Cancelled.Task;
        Assert.Equal((FinishReason.Cancelled, "half"), await AnsweredAsync(session, sent));
        Assert.Null((await session.Grain.Cancel(Cancellation)).TurnId);
    }

    [Fact]
    public async Task Deleting_a_session_stops_its_turn_and_leaves_nothing()
    {
        var session = await _silo.CreateSessionAsync();
        var sent = await session.SendAsync("go");
        var step = await _silo.Models.NextAsync();
        var reading = session.ReadAsync(sent.Seq, sent.TurnId);

        Assert.True(await session.Grain.Delete(Cancellation));

        await step.Cancelled.Task;
        Assert.Equal(FrameBatchStatus.Gone, (await reading).Status);
        Assert.Null(await session.Grain.Get(Cancellation));
        Assert.Equal(404, (await session.SendAsync("more")).Problem!.Status);
        Assert.False(await session.Grain.Delete(Cancellation));
    }

    [Fact]
    public async Task A_message_repeated_under_its_key_is_the_same_message_even_in_parallel()
    {
        var session = await _silo.CreateSessionAsync();
        var key = new IdempotencyKey("POST /x", "key-1", "fingerprint");

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => session.SendAsync("once", key: key)));
        (await _silo.Models.NextAsync()).Say("done").Finish();
        await session.AnswerAsync(results[0].TurnId);
        var late = await session.SendAsync("once", key: key);
        var other = await session.SendAsync("other", key: key with { Fingerprint = "another" });

        Assert.Single(results.Append(late).Select(result => (result.TurnId, result.MessageId, result.Seq)).Distinct());
        Assert.Single(results, result => !result.Replayed);
        Assert.Equal(409, other.Problem!.Status);
        Assert.Equal(["once", "done"], (await session.HistoryAsync()).Select(message => message.Content));
    }

    [Fact]
    public async Task A_message_handed_over_twice_is_accepted_once_even_after_its_turn_and_in_the_next_activation()
    {
        var session = await _silo.CreateSessionAsync();
        var message = new SendMessage { Content = "hello", Scopes = Scopes.All, DeliveryId = "delivery-1" };
        var first = await session.Grain.Send(message, Cancellation);
        var whileItRuns = await session.Grain.Send(message, Cancellation);
        (await _silo.Models.NextAsync()).Say("hi").Finish();
        await session.ReadTurnAsync(first.TurnId);
        await _silo.Grains.GetGrain<IManagementGrain>(0).ForceActivationCollection(TimeSpan.Zero, Cancellation);
        var afterwards = await session.Grain.Send(message with { Overlap = OverlapRule.Interrupt }, Cancellation);

        Assert.Equal([first.MessageId, first.MessageId], new[] { whileItRuns.MessageId, afterwards.MessageId });
        Assert.Equal(["hello", "hi"], (await session.HistoryAsync()).Select(entry => entry.Content));
    }

    [Fact]
    public async Task The_title_comes_from_the_first_message_unless_one_was_given()
    {
        var untitled = await _silo.CreateSessionAsync();
        var titled = await _silo.CreateSessionAsync(new CreateSession { Title = "mine" });
        await untitled.SendAsync("帮我整理会议记录\n第二行");
        await titled.SendAsync("hello");

        Assert.Equal("帮我整理会议记录", (await untitled.InfoAsync()).Title);
        Assert.Equal("mine", (await titled.InfoAsync()).Title);
    }

    [Fact]
    public async Task A_long_history_is_summarised_and_the_prompt_stays_short()
    {
        var session = await _silo.CreateSessionAsync();
        for (var i = 1; i <= 5; i++)
        {
            var sent = await session.SendAsync($"question {i}");
            (await _silo.Models.NextAsync()).Say($"answer {i}").Finish();
            await session.AnswerAsync(sent.TurnId);
        }

        var summary = await _silo.Models.NextAsync();
        summary.Say("they counted").Finish();
        await session.SendAsync("and now?");
        var step = await _silo.Models.NextAsync();
        step.Finish();

        Assert.Contains("question 1", string.Concat(summary.Request.Messages.Select(message => message.Text)), StringComparison.Ordinal);
        Assert.Empty(summary.Request.Tools);
        var history = await session.HistoryAsync();
        Assert.Equal(11, history.Count(message => message.Content.Length > 0));
    }

    [Fact]
    public async Task An_unknown_model_is_refused_at_creation()
    {
        var session = _silo.Session("sess-unknown");

        var created = await session.Grain.Create(new CreateSession { Model = "unknown" }, Cancellation);

        Assert.Equal("model", created.Problem!.Field);
        Assert.Null(await session.Grain.Get(Cancellation));
    }

    [Fact]
    public async Task A_question_larger_than_the_models_window_is_an_error_on_content()
    {
        _silo.Models.ContextTokens = 1000;
        var session = await _silo.CreateSessionAsync();
        var sent = await session.SendAsync(new string('x', 100_000));

        Assert.Equal("content", (await session.AnswerAsync(sent.TurnId)).Problem!.Field);
    }

    private static async Task<(string, string)> AnsweredAsync(TestSession session, SendResult sent)
    {
        var answer = await session.AnswerAsync(sent.TurnId);
        return (answer.FinishReason, answer.Content);
    }
}
