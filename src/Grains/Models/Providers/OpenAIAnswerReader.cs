using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace OpenClaw.Grains.Models.Providers;

/// <summary>Gathers tool calls from the events of a chat completion.</summary>
internal sealed class OpenAIAnswerReader : AnswerReader
{
    protected override void ReadRaw(object raw)
    {
        if (raw is not StreamingChatCompletionUpdate { ToolCallUpdates: { Count: > 0 } parts }) return;
        foreach (var part in parts)
            AddCallText(part.Index, part.ToolCallId, part.FunctionName, part.FunctionArgumentsUpdate?.ToString());
    }

    protected override string ArgumentsOf(FunctionCallContent call) =>
        call.RawRepresentation is ChatToolCall raw ? raw.FunctionArguments.ToString() : base.ArgumentsOf(call);
}
