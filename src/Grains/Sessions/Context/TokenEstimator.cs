using Microsoft.Extensions.AI;

namespace OpenClaw.Grains.Sessions.Context;

/// <summary>
/// Estimates tokens without a tokenizer: four ASCII characters or one other character are about one token for the
/// common vocabularies. Errs on the high side for Chinese and Japanese, which is the safe side for a window.
/// </summary>
internal static class TokenEstimator
{
    /// <summary>What a message costs beside its text.</summary>
    public const int PerMessage = 4;

    /// <summary>What an image costs, about: providers scale larger ones down to some 1,500 tokens.</summary>
    private const int PerImage = 1500;

    public static int Estimate(ReadOnlySpan<char> text)
    {
        var ascii = 0;
        foreach (var c in text)
        {
            if (char.IsAscii(c)) ascii++;
        }

        return ((ascii + 3) / 4) + (text.Length - ascii);
    }

    /// <summary>Tokens of a prompt: texts, tool calls and their results.</summary>
    public static long Estimate(IReadOnlyList<ChatMessage> messages)
    {
        var tokens = 0L;
        for (var i = 0; i < messages.Count; i++) tokens += Estimate(messages[i]);
        return tokens;
    }

    /// <summary>Tokens of one message.</summary>
    public static int Estimate(ChatMessage message)
    {
        var tokens = PerMessage;
        foreach (var content in message.Contents) tokens += Estimate(content);
        return tokens;
    }

    private static int Estimate(AIContent content) => content switch
    {
        TextContent text => Estimate(text.Text),
        DataContent => PerImage,
        FunctionResultContent result => Estimate(result.Result?.ToString()),
        FunctionCallContent call => PerMessage + (call.Arguments?.Sum(
            argument => Estimate(argument.Key) + Estimate(argument.Value?.ToString())) ?? 0),
        _ => 0,
    };
}
