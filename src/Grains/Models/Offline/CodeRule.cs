using System.Text.RegularExpressions;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>Asked for code: a small program in a fenced block, in the language that the message names, else JavaScript.</summary>
internal sealed partial class CodeRule : IOfflineRule
{
    public OfflineReply? TryAnswer(OfflineQuestion question)
    {
        if (!AsksForCode().IsMatch(question.Text)) return null;
        var (fence, code) = Programs.For(question.Text);
        return new OfflineReply(question.Say(
            $"Here is a small example:\n\n```{fence}\n{code}\n```\n\nI am the built-in offline model and know a few examples by heart; configure a model provider for code that fits your task.",
            $"好的，这是一个简单的示例：\n\n```{fence}\n{code}\n```\n\n我是内置的离线模型，只会几个固定的示例；如需贴合需求的代码，请配置模型提供方。"));
    }

    [GeneratedRegex(
        @"\b(?:write|give|show|create|generate|make|need|want|implement)\b.{0,80}\b(?:code|function|script|program|snippet|class)\b|\bcode\s+(?:example|sample|snippet)\b|(?:写|给|来|生成|编写|实现|要|看).{0,40}(?:代码|程序|脚本|函数)|(?:代码|程序|脚本|函数)(?:示例|例子)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex AsksForCode();
}
