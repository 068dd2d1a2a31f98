using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace OpenClaw.Grains.Models.Providers;

/// <summary>
/// Reads an answer as it comes. The SDKs' own objects lose a tool call's text when it is no valid JSON, so the text is
/// gathered from the raw events where a provider has them.
/// </summary>
internal class AnswerReader
{
    private static readonly JsonSerializerOptions ArgumentsJson = new(AIJsonUtilities.DefaultOptions)
    {
        WriteIndented = false,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly List<FunctionCallContent> _finishedCalls = [];
    private List<CallText>? _callTexts;

    /// <summary>How the answer ended; null until the provider has said so.</summary>
    public string? FinishReason { get; private set; }

    public long? InputTokens { get; protected set; }

    public long? OutputTokens { get; private set; }

    /// <summary>The latest update carried something of the answer: text, reasoning, a piece of a tool call, its end.</summary>
    public bool Progressed { get; protected set; }

    public bool HasCalls => _callTexts is { Count: > 0 } || _finishedCalls.Count > 0;

    /// <summary>Takes the next update and gives its text, or null when it has none.</summary>
    public string? Read(ChatResponseUpdate update)
    {
        Progressed = false;
        string? text = null;
        var contents = update.Contents;
        for (var i = 0; i < contents.Count; i++)
        {
            switch (contents[i])
            {
                case TextContent { Text.Length: > 0 } piece:
                    text = text is null ? piece.Text : text + piece.Text;
                    Progressed = true;
                    break;
                case UsageContent usage:
                    InputTokens = usage.Details.InputTokenCount ?? InputTokens;
                    OutputTokens = usage.Details.OutputTokenCount ?? OutputTokens;
                    break;
                case FunctionCallContent call:
                    _finishedCalls.Add(call);
                    Progressed = true;
                    break;
                case TextReasoningContent:
                    Progressed = true;
                    break;
            }
        }

        if (update.FinishReason is { } reason && FinishReason is null)
        {
            FinishReason = Name(reason);
            Progressed = true;
        }

        if (update.RawRepresentation is { } raw) ReadRaw(raw);
        return text;
    }

    /// <summary>The tool calls, in the order in which the model made them.</summary>
    public IEnumerable<ModelToolCall> ReadCalls()
    {
        if (_callTexts is { Count: > 0 })
        {
            var number = 0;
            foreach (var call in _callTexts)
            {
                number++;
                if (call.Name.Length > 0) yield return new ModelToolCall(IdOf(call.Id, number), call.Name, OrEmptyObject(call.Arguments.ToString()));
            }

            yield break;
        }

        for (var i = 0; i < _finishedCalls.Count; i++)
        {
            var call = _finishedCalls[i];
            yield return new ModelToolCall(IdOf(call.CallId, i + 1), call.Name, OrEmptyObject(ArgumentsOf(call)));
        }
    }

    /// <summary>Looks at the SDK's own event.</summary>
    protected virtual void ReadRaw(object raw)
    {
    }

    /// <summary>The text of a call that came in one piece.</summary>
    protected virtual string ArgumentsOf(FunctionCallContent call) =>
        call.Arguments is { } arguments ? JsonSerializer.Serialize(arguments, ArgumentsJson) : "";

    /// <summary>Takes a piece of a tool call.</summary>
    /// <param name="index">The call's place in the answer.</param>
    /// <param name="id">Its id, in the first piece.</param>
    /// <param name="name">Its tool, in the first piece.</param>
    /// <param name="arguments">The next piece of its arguments.</param>
    protected void AddCallText(long index, string? id, string? name, string? arguments)
    {
        Progressed = true;
        _callTexts ??= [];
        var call = _callTexts.FindLast(known => known.Index == index);
        // Some servers give every call the same index: another id under a known index is another call.
        if (call is null || (!string.IsNullOrEmpty(id) && call.Id.Length > 0 && call.Id != id))
            _callTexts.Add(call = new CallText(index));
        if (call.Id.Length == 0) call.Id = id ?? "";
        if (call.Name.Length == 0) call.Name = name ?? "";
        call.Arguments.Append(arguments);
    }

    private static string Name(ChatFinishReason reason) =>
        reason == ChatFinishReason.Length ? Abstractions.Sessions.FinishReason.Length
        : reason == ChatFinishReason.ContentFilter ? Abstractions.Sessions.FinishReason.ContentFilter
        : Abstractions.Sessions.FinishReason.Stop;

    private static string IdOf(string? id, int number) =>
        string.IsNullOrEmpty(id) ? string.Create(CultureInfo.InvariantCulture, $"call_{number}") : id;

    private static string OrEmptyObject(string arguments) => string.IsNullOrWhiteSpace(arguments) ? "{}" : arguments;

    private sealed class CallText(long index)
    {
        public long Index { get; } = index;

        public string Id { get; set; } = "";

        public string Name { get; set; } = "";

        public StringBuilder Arguments { get; } = new();
    }
}
