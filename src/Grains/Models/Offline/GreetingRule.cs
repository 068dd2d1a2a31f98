using System.Text.RegularExpressions;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>Greeted: greets back.</summary>
internal sealed partial class GreetingRule : IOfflineRule
{
    public OfflineReply? TryAnswer(OfflineQuestion question) => Greets().IsMatch(question.Text)
        ? new OfflineReply(question.Say(
            "Hello! I am OpenClaw's built-in offline model. Ask me for some code or for the time.",
            "你好！我是 OpenClaw 内置的离线模型。可以让我写一段代码，或者问我现在几点。"))
        : null;

    [GeneratedRegex(@"\A\s*(?:hello|hi|hey|good\s+(?:morning|evening|afternoon)|你好|您好|嗨|早上好|晚上好)(?![A-Za-z])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Greets();
}
