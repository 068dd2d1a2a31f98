using System.Text.Json;
using Microsoft.Extensions.AI;
using OpenClaw.Grains.Sessions.State;
using OpenClaw.Grains.Sessions.Turns;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Sessions.Context;

/// <summary>What a model is shown: system prompt, summary, as much of the recent history as fits, the turn itself.</summary>
internal static class PromptBuilder
{
    private const string Elided = "\n[... left out: too long for the model's window ...]\n";

    /// <param name="systemPrompt">The session's own or the default one.</param>
    /// <param name="history">Finished turns and their summary.</param>
    /// <param name="progress">The running turn.</param>
    /// <param name="budget">Tokens the prompt may have.</param>
    /// <returns>The messages, or null when the turn's own messages alone do not fit.</returns>
    public static List<ChatMessage>? Build(string systemPrompt, SessionHistory history, TurnProgress progress, int budget)
    {
        var messages = new List<ChatMessage>();
        var fixedTokens = Add(messages, new ChatMessage(ChatRole.System, systemPrompt));
        if (history.Summary is { } summary)
        {
            fixedTokens += Add(messages, new ChatMessage(
                ChatRole.System, "Summary of the conversation so far:\n" + summary.Text));
        }

        var turn = new List<ChatMessage>();
        var questionTokens = AddTurn(turn, progress, toolResultLimit: int.MaxValue, withMemories: true, out var turnTokens);
        if (fixedTokens + turnTokens > budget)
        {
            turn.Clear();
            questionTokens = AddTurn(turn, progress, HistoryTurn.MaxToolResultCharacters, withMemories: false, out turnTokens);
        }

        if (fixedTokens + questionTokens > budget) return null;

        var left = budget - fixedTokens - turnTokens;
        var first = history.Turns.Count;
        while (first > 0 && history.Turns[first - 1].Tokens <= left) left -= history.Turns[--first].Tokens;
        for (var i = first; i < history.Turns.Count; i++) AddHistory(messages, history.Turns[i]);
        messages.AddRange(turn);
        return messages;
    }

    /// <summary>Asks for a summary of the oldest turns, the one there is included.</summary>
    public static List<ChatMessage> BuildSummaryRequest(SessionHistory history, int turns)
    {
        var messages = new List<ChatMessage>
        {
            new(ChatRole.System,
                "Summarise the conversation below for your own later use: facts, decisions, open questions, names, " +
                "numbers and paths that may matter later. At most 300 words, in the language of the conversation. " +
                "Answer with the summary alone."),
        };
        if (history.Summary is { } summary)
            messages.Add(new ChatMessage(ChatRole.User, "Summary of what came before:\n" + summary.Text));
        for (var i = 0; i < turns; i++) AddHistory(messages, history.Turns[i]);
        messages.Add(new ChatMessage(ChatRole.User, "Now write the summary."));
        return messages;
    }

    /// <summary>Fills <paramref name="messages"/> and tells the tokens of the user's messages; all tokens in <paramref name="tokens"/>.</summary>
    private static int AddTurn(List<ChatMessage> messages, TurnProgress progress, int toolResultLimit, bool withMemories, out int tokens)
    {
        var questions = 0;
        tokens = 0;
        foreach (var part in progress.Parts)
        {
            switch (part)
            {
                case QuestionPart question:
                    var asked = Add(messages, ToMessage(question.Message, question.Attached, withMemories ? question.Memories : null));
                    questions += asked;
                    tokens += asked;
                    break;
                case StepPart step:
                    tokens += AddStep(messages, step.Step, call => step.ResultOf(call.CallId)?.Content, toolResultLimit);
                    break;
            }
        }

        return questions;
    }

    private static void AddHistory(List<ChatMessage> messages, HistoryTurn turn)
    {
        foreach (var question in turn.Questions) messages.Add(ToMessage(question));
        var said = 0;
        foreach (var step in turn.Done.Steps ?? [])
        {
            AddStep(messages, step, call => call.Result, HistoryTurn.MaxToolResultCharacters);
            said += step.Text.Length;
        }

        var rest = said <= turn.Done.Content.Length ? turn.Done.Content[said..] : turn.Done.Content;
        if (rest.Length > 0) messages.Add(new ChatMessage(ChatRole.Assistant, rest));
    }

    private static int AddStep(
        List<ChatMessage> messages, StepState step, Func<ToolCallState, string?> result, int toolResultLimit)
    {
        var said = new ChatMessage { Role = ChatRole.Assistant };
        var tokens = TokenEstimator.PerMessage;
        if (step.Text.Length > 0)
        {
            said.Contents.Add(new TextContent(step.Text));
            tokens += TokenEstimator.Estimate(step.Text);
        }

        foreach (var call in step.Calls)
        {
            said.Contents.Add(new FunctionCallContent(call.CallId, call.Name, ParseArguments(call.Arguments)));
            tokens += TokenEstimator.Estimate(call.Arguments) + TokenEstimator.PerMessage;
        }

        if (said.Contents.Count > 0) messages.Add(said);
        foreach (var call in step.Calls)
        {
            var content = Shorten(result(call) ?? "", toolResultLimit);
            messages.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(call.CallId, content)]));
            tokens += TokenEstimator.Estimate(content) + TokenEstimator.PerMessage;
        }

        return tokens;
    }

    /// <summary>What the user wrote and the names of the attachments come first, then what these hold, then what is remembered.</summary>
    private static ChatMessage ToMessage(MessageState message, IReadOnlyList<AIContent>? attached = null, string? memories = null)
    {
        if (message.Attachments is not { Count: > 0 } && string.IsNullOrEmpty(memories)) return new ChatMessage(ChatRole.User, message.Content);
        var names = string.Concat((message.Attachments ?? []).Select(attachment => $"\n[attached file: {attachment.Path}]"));
        List<AIContent> contents = [new TextContent(message.Content + names), .. attached ?? []];
        if (!string.IsNullOrEmpty(memories)) contents.Add(new TextContent(memories));
        return new ChatMessage(ChatRole.User, contents);
    }

    private static int Add(List<ChatMessage> messages, ChatMessage message)
    {
        messages.Add(message);
        return TokenEstimator.Estimate(message);
    }

    private static string Shorten(string text, int limit) =>
        text.Length <= limit ? text : string.Concat(text.AsSpan(0, limit / 2), Elided, text.AsSpan(text.Length - (limit / 2)));

    /// <summary>Arguments that are no JSON object of text are shown to the model as text, so that it sees what it wrote.</summary>
    private static Dictionary<string, object?> ParseArguments(string arguments)
    {
        try
        {
            using var document = JsonDocument.Parse(arguments);
            if (document.RootElement.ValueKind is JsonValueKind.Object && ToolArguments.AreText(arguments, document.RootElement))
            {
                var parsed = new Dictionary<string, object?>();
                foreach (var property in document.RootElement.EnumerateObject()) parsed[property.Name] = property.Value.Clone();
                return parsed;
            }
        }
        catch (JsonException)
        {
            // Shown as text below.
        }

        return new Dictionary<string, object?> { ["input"] = arguments };
    }
}
