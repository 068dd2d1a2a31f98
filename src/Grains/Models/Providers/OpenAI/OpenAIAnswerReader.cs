using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace OpenClaw.Grains.Models.Providers.OpenAI;

/// <summary>Gathers tool calls from the events of a chat completion.</summary>
internal sealed class OpenAIAnswerReader : AnswerReader
{
    protected override void ReadRaw(object raw)
    {
        if (raw is not List<OpenAICallPart> parts) return;
        foreach (var part in parts) AddCallText(part.Index, part.Id, part.Name, part.Arguments);
    }

    protected override string ArgumentsOf(FunctionCallContent call) =>
        call.RawRepresentation is ChatToolCall raw ? raw.FunctionArguments.ToString() : base.ArgumentsOf(call);
}
