using System.Globalization;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>Everything else: repeats what was said and tells how to get a real answer.</summary>
internal sealed class FallbackRule : IOfflineRule
{
    private const int MaxEchoedElements = 80;

    public OfflineReply TryAnswer(OfflineQuestion question)
    {
        var said = Shorten(question.Text.ReplaceLineEndings(" "));
        return new OfflineReply(question.Say(
            $"You said: \"{said}\". I am OpenClaw's built-in offline model and answer by fixed rules; set OPENAI_API_KEY, OPENAI_BASE_URL or ANTHROPIC_API_KEY to get a real model's answer.",
            $"你说的是：“{said}”。我是 OpenClaw 内置的离线模型，只按固定规则回答；设置 OPENAI_API_KEY、OPENAI_BASE_URL 或 ANTHROPIC_API_KEY 即可获得真正模型的回答。"));
    }

    private static string Shorten(string text)
    {
        var elements = new StringInfo(text);
        return elements.LengthInTextElements <= MaxEchoedElements
            ? text
            : elements.SubstringByTextElements(0, MaxEchoedElements) + "…";
    }
}
