using Microsoft.Extensions.AI;
using OpenClaw.Grains.Sessions.Context;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Grains.Sessions.Turns;
using OpenClaw.Storage.Sessions;

namespace OpenClaw.Grains.Tests.Sessions;

public sealed class PromptBuilderTests
{
    [Fact]
    public void The_prompt_is_system_summary_history_and_the_question()
    {
        var history = History(2);
        history.Compact(new SessionSummaryState(0, "they met", DateTimeOffset.UnixEpoch));

        var prompt = PromptBuilder.Build("be kind", history, Asking("now?"), 10_000)!;

        Assert.Equal(
            ["be kind", "Summary of the conversation so far:\nthey met", "question 1", "answer 1", "question 2", "answer 2", "now?"],
            prompt.Select(message => message.Text));
    }

    [Fact]
    public void What_does_not_fit_is_left_out_from_the_old_end_by_whole_turns()
    {
        var prompt = PromptBuilder.Build("system", History(50), Asking("now?"), 100)!;

        var shown = prompt.Skip(1).SkipLast(1).Select(message => message.Text).ToList();
        Assert.NotEmpty(shown);
        Assert.Equal(0, shown.Count % 2);
        Assert.StartsWith("question", shown[0], StringComparison.Ordinal);
        Assert.Equal("answer 50", shown[^1]);
    }

    [Fact]
    public void A_question_larger_than_the_window_gives_no_prompt() =>
        Assert.Null(PromptBuilder.Build("system", History(1), Asking(new string('x', 10_000)), 1000));

    [Fact]
    public void A_tool_call_stands_before_its_result_in_the_running_turn_and_in_history()
    {
        var calls = new List<ToolCallState> { new() { CallId = "c1", Name = "time_now", Arguments = "{}", Result = "noon" } };
        var step = new StepState { Number = 1, Text = "let me look", Calls = calls };
        var history = History(0);
        history.Add(new HistoryTurn("turn-1-a", 9, [new MessageState { Id = "m", Content = "when?" }], new DoneState
        {
            MessageId = "msg", Content = "let me look\n\nit is noon", FinishReason = "stop", Steps = [step],
        }));
        var progress = Asking("again?");
        progress.AddStep(step).Complete(new ToolResultState { CallId = "c1", Name = "time_now", Succeeded = true, Content = "one" });

        var prompt = PromptBuilder.Build("system", history, progress, 10_000)!;

        Assert.Equal(
            ["system", "user", "assistant", "tool", "assistant", "user", "assistant", "tool"],
            prompt.Select(message => message.Role.Value));
        Assert.Equal("noon", Assert.IsType<FunctionResultContent>(prompt[3].Contents[0]).Result);
        Assert.Equal("\n\nit is noon", prompt[4].Text);
        Assert.Equal("one", Assert.IsType<FunctionResultContent>(prompt[7].Contents[0]).Result);
    }

    [Fact]
    public void Arguments_that_are_no_JSON_are_shown_to_the_model_as_it_wrote_them()
    {
        var progress = Asking("go");
        progress.AddStep(new StepState
        {
            Number = 1, Text = "", Calls = [new ToolCallState { CallId = "c1", Name = "time_now", Arguments = "{broken" }],
        });

        var prompt = PromptBuilder.Build("system", History(0), progress, 10_000)!;

        var call = Assert.IsType<FunctionCallContent>(prompt[2].Contents[0]);
        Assert.Equal("{broken", call.Arguments!["input"]);
    }

    private static SessionHistory History(int turns)
    {
        var history = SessionHistory.Empty();
        for (var i = 1; i <= turns; i++)
        {
            history.Add(new HistoryTurn($"turn-{i}-x", i, [new MessageState { Id = "m", Content = $"question {i}" }], new DoneState
            {
                MessageId = "msg", Content = $"answer {i}", FinishReason = "stop",
            }));
        }

        return history;
    }

    private static TurnProgress Asking(string question)
    {
        var progress = new TurnProgress();
        progress.AddQuestion(new MessageState { Id = "msg-q", Content = question }, 100);
        return progress;
    }
}
