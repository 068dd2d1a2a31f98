using Anthropic.Models.Messages;

namespace OpenClaw.Grains.Models.Providers;

/// <summary>Gathers tool calls, and the prompt's tokens that only the first event tells, from the events of a message.</summary>
internal sealed class AnthropicAnswerReader : AnswerReader
{
    protected override void ReadRaw(object raw)
    {
        if (raw is not RawMessageStreamEvent { Value: { } value }) return;
        switch (value)
        {
            case RawMessageStartEvent start:
                InputTokens = start.Message.Usage.InputTokens
                    + (start.Message.Usage.CacheCreationInputTokens ?? 0)
                    + (start.Message.Usage.CacheReadInputTokens ?? 0);
                break;
            case RawContentBlockStartEvent { ContentBlock.Value: ToolUseBlock call } block:
                AddCallText(block.Index, call.ID, call.Name, arguments: null);
                break;
            case RawContentBlockDeltaEvent { Delta.Value: InputJsonDelta delta } piece:
                AddCallText(piece.Index, id: null, name: null, delta.PartialJson);
                break;
        }
    }
}
