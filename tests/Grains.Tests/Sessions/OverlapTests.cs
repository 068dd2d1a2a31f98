using Microsoft.Extensions.AI;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Tests.Hosting;

namespace OpenClaw.Grains.Tests.Sessions;

/// <summary>The six rules for a message that arrives while a turn runs.</summary>
public sealed class OverlapTests : IAsyncLifetime
{
    private SiloHost _silo = null!;

    public async ValueTask InitializeAsync() => _silo = await SiloHost.StartAsync();

    public ValueTask DisposeAsync() => _silo.DisposeAsync();

    [Fact]
    public async Task Enqueued_messages_are_answered_one_after_the_other()
    {
        var session = await _silo.CreateSessionAsync();
        var first = await session.SendAsync("one");
        var running = await _silo.Models.NextAsync();
        var second = await session.SendAsync("two");
        Assert.NotEqual(first.TurnId, second.TurnId);
        Assert.Equal(1, (await session.InfoAsync()).ActiveTurn!.Waiting);

        running.Say("first").Finish();
        (await _silo.Models.NextAsync()).Say("second").Finish();

        Assert.Equal("first", (await session.AnswerAsync(first.TurnId)).Content);
        Assert.Equal("second", (await session.AnswerAsync(second.TurnId)).Content);
        Assert.IsType<QueuedFrame>((await session.ReadTurnAsync(second.TurnId, second.Seq))[0].Frame);
        Assert.Equal(["one", "two", "first", "second"], (await session.HistoryAsync()).Select(message => message.Content));
    }

    [Fact]
    public async Task A_rejected_message_leaves_nothing_behind()
    {
        var session = await _silo.CreateSessionAsync();
        var first = await session.SendAsync("one");
        var running = await _silo.Models.NextAsync();

        var refused = await session.SendAsync("two", OverlapRule.Reject);
        running.Say("done").Finish();
        await session.AnswerAsync(first.TurnId);

        Assert.Equal(409, refused.Problem!.Status);
        Assert.Equal(["one", "done"], (await session.HistoryAsync()).Select(message => message.Content));
    }

    [Fact]
    public async Task An_interrupted_turn_keeps_what_it_said_and_the_new_message_runs()
    {
        var session = await _silo.CreateSessionAsync();
        var first = await session.SendAsync("one");
        (await _silo.Models.NextAsync()).Say("half an ans");
        await session.ReadAsync(first.Seq, first.TurnId);

        var second = await session.SendAsync("two", OverlapRule.Interrupt);
        var cut = await session.AnswerAsync(first.TurnId);
        (await _silo.Models.NextAsync()).Say("whole").Finish();

        Assert.Equal((FinishReason.Cancelled, "half an ans"), (cut.FinishReason, cut.Content));
        Assert.Equal("whole", (await session.AnswerAsync(second.TurnId)).Content);
        Assert.Equal(["one", "half an ans", "two", "whole"], (await session.HistoryAsync()).Select(message => message.Content));
    }

    [Fact]
    public async Task A_rolled_back_turn_is_gone_from_the_history_with_its_messages()
    {
        var session = await _silo.CreateSessionAsync();
        var first = await session.SendAsync("one");
        (await _silo.Models.NextAsync()).Say("half");
        await session.ReadAsync(first.Seq, first.TurnId);

        var second = await session.SendAsync("two", OverlapRule.Rollback);
        var undone = await session.ReadTurnAsync(first.TurnId, first.Seq);
        var step = await _silo.Models.NextAsync();
        step.Say("fresh").Finish();
        await session.AnswerAsync(second.TurnId);

        Assert.Equal(FinishReason.Cancelled, Assert.IsType<DoneFrame>(undone[^1].Frame).FinishReason);
        Assert.Contains(await session.ReadAllAsync(), frame => frame.Frame is RolledBackFrame { FromSeq: 1 } && frame.TurnId == first.TurnId);
        Assert.Equal(["two", "fresh"], (await session.HistoryAsync()).Select(message => message.Content));
        Assert.Equal(2, (await session.InfoAsync()).MessageCount);
        Assert.DoesNotContain(step.Request.Messages, message => message.Role != ChatRole.System && message.Text.Contains("one", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rollback_undoes_the_running_turn_and_not_the_one_that_waited_behind_it()
    {
        var session = await _silo.CreateSessionAsync();
        await session.SendAsync("one");
        await _silo.Models.NextAsync();
        var waiting = await session.SendAsync("two");

        var last = await session.SendAsync("three", OverlapRule.Rollback);
        (await _silo.Models.NextAsync()).Say("second").Finish();
        (await _silo.Models.NextAsync()).Say("third").Finish();
        await session.AnswerAsync(waiting.TurnId);
        await session.AnswerAsync(last.TurnId);

        Assert.Equal(["two", "three", "second", "third"], (await session.HistoryAsync()).Select(message => message.Content));
    }

    [Fact]
    public async Task A_steered_message_reaches_the_running_turn_at_its_next_step()
    {
        var session = await _silo.CreateSessionAsync();
        var first = await session.SendAsync("one");
        (await _silo.Models.NextAsync()).Call("record", """{"word":"a"}""").Finish();
        var call = await _silo.Recorder.NextAsync();

        var steered = await session.SendAsync("also this", OverlapRule.Steer);
        call.Answer.SetResult(RecorderTool.Recorded("a"));
        var next = await _silo.Models.NextAsync();
        next.Say("both").Finish();

        Assert.Equal(first.TurnId, steered.TurnId);
        Assert.Equal("also this", next.Request.Messages[^1].Text);
        Assert.Equal("both", (await session.AnswerAsync(first.TurnId)).Content);
    }

    [Fact]
    public async Task A_message_steered_during_the_last_words_gets_its_answer_from_the_same_turn()
    {
        var session = await _silo.CreateSessionAsync();
        var first = await session.SendAsync("one");
        var running = await _silo.Models.NextAsync();

        await session.SendAsync("also this", OverlapRule.Steer);
        running.Say("first").Finish();
        var next = await _silo.Models.NextAsync();
        next.Say("second").Finish();

        Assert.Equal("also this", next.Request.Messages[^1].Text);
        Assert.Equal("first\n\nsecond", (await session.AnswerAsync(first.TurnId)).Content);
    }

    [Fact]
    public async Task Merged_messages_become_one_turn()
    {
        var session = await _silo.CreateSessionAsync();
        await session.SendAsync("one");
        var running = await _silo.Models.NextAsync();
        var second = await session.SendAsync("two", OverlapRule.Merge);
        var third = await session.SendAsync("three", OverlapRule.Merge);

        running.Say("first").Finish();
        var merged = await _silo.Models.NextAsync();
        merged.Say("both").Finish();

        Assert.Equal(second.TurnId, third.TurnId);
        Assert.Equal(["two", "three"], merged.Request.Messages.TakeLast(2).Select(message => message.Text));
        Assert.Equal("both", (await session.AnswerAsync(third.TurnId)).Content);
    }

    [Fact]
    public async Task The_sessions_own_rule_holds_where_the_message_names_none()
    {
        var session = await _silo.CreateSessionAsync(new CreateSession { Overlap = OverlapRule.Reject });
        await session.SendAsync("one");
        var running = await _silo.Models.NextAsync();

        Assert.NotNull((await session.SendAsync("two")).Problem);
        Assert.Null((await session.SendAsync("three", OverlapRule.Enqueue)).Problem);
        running.Finish();
        (await _silo.Models.NextAsync()).Finish();
    }

    [Fact]
    public async Task The_hundred_and_first_waiting_message_is_refused()
    {
        var session = await _silo.CreateSessionAsync();
        await session.SendAsync("running");
        await _silo.Models.NextAsync();
        for (var i = 0; i < 100; i++) Assert.Null((await session.SendAsync($"waiting {i}")).Problem);

        Assert.Equal(409, (await session.SendAsync("too many")).Problem!.Status);
    }
}
