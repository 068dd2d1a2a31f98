using System.Text.RegularExpressions;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>Asked what it is or can do: says so.</summary>
internal sealed partial class IdentityRule : IOfflineRule
{
    public OfflineReply? TryAnswer(OfflineQuestion question) => AsksWho().IsMatch(question.Text)
        ? new OfflineReply(question.Say(
            "I am OpenClaw's built-in offline model: a few fixed rules, no language model. I can show code in several languages, "
                + "tell the time and use the tools that this session offers. Set OPENAI_API_KEY, OPENAI_BASE_URL or "
                + "ANTHROPIC_API_KEY to talk to a real model.",
            "我是 OpenClaw 内置的离线模型：只有一些固定的规则，不是语言模型。我可以给出几种语言的示例代码、报时，并使用本会话提供的工具。"
                + "设置 OPENAI_API_KEY、OPENAI_BASE_URL 或 ANTHROPIC_API_KEY 后即可与真正的模型对话。"))
        : null;

    [GeneratedRegex(@"\b(?:who|what)\s+are\s+you\b|\bwhat\s+can\s+you\s+do\b|\A\s*help\b|你是谁|你是什么|介绍.{0,4}自己|你能做什么|你会什么", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksWho();
}
