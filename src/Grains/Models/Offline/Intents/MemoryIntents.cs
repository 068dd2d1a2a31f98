using System.Text.RegularExpressions;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Memory.Tools;

namespace OpenClaw.Grains.Models.Offline.Intents;

/// <summary>Wishes that concern what is remembered beyond the conversation.</summary>
internal static partial class MemoryIntents
{
    private const int MaxKeyCharacters = 60;

    public static ToolIntent Store { get; } = new(
        MemoryStoreTool.ToolName,
        AsksToRemember(),
        (_, wish) => WhatOf(wish) is { Length: > 0 } what
            ? [new PlannedCall(MemoryStoreTool.ToolName, new() { ["key"] = KeyOf(what), ["value"] = what })]
            : [],
        (question, result) => question.Say($"I will remember that. {result}", $"我记住了。{result}"));

    public static ToolIntent Search { get; } = new(
        MemorySearchTool.ToolName,
        AsksWhatIsKnown(),
        (_, wish) => WhatOf(wish) is { Length: > 0 } what
            ? [new PlannedCall(MemorySearchTool.ToolName, new() { ["query"] = what })]
            : [],
        (question, result) => question.Say($"Here is what I remember:\n\n{result}", $"我记得的内容：\n\n{result}"));

    public static ToolIntent Delete { get; } = new(
        MemoryDeleteTool.ToolName,
        AsksToForget(),
        (_, wish) => WhatOf(wish) is { Length: > 0 } what
            ? [new PlannedCall(MemoryDeleteTool.ToolName, new() { ["key"] = KeyOf(what) })]
            : [],
        (question, result) => question.Say($"Done: {result}", $"已完成：{result}"));

    private static string WhatOf(Match wish) =>
        wish.Groups["what"].Value.Trim().TrimEnd('.', '!', '?', '。', '！', '？', '吗').Trim(' ', '"', '“', '”', '「', '」');

    /// <summary>The words themselves, so that the same thing said again replaces what was remembered of it.</summary>
    private static string KeyOf(string what) => WholeCharacters.Of(what, MaxKeyCharacters);

    [GeneratedRegex(
        @"\b(?:please\s+)?remember\s+(?:that\s+|this\s*:\s*)?(?<what>[^\n]+)|(?:请|帮我)?(?:记住|记下|记一下)\s*[:：,，]?\s*(?<what>[^\n]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, ToolIntent.MatchTimeout)]
    private static partial Regex AsksToRemember();

    [GeneratedRegex(
        @"\bwhat\s+do\s+you\s+(?:know|remember)\s+(?:about|of)\s+(?<what>[^\n]+)|(?:关于|对于?)(?<what>[^\n，。？?]{1,100}?)[,，]?(?:你)?(?:都)?(?:知道|记得)(?:些)?(?:什么|多少)|你(?:都)?(?:知道|记得)(?:些)?(?:什么|哪些)?关于(?<what>[^\n，。？?]{1,100})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, ToolIntent.MatchTimeout)]
    private static partial Regex AsksWhatIsKnown();

    [GeneratedRegex(
        @"(?<!n.t\s)\bforget\s+(?:about\s+|that\s+)?(?<what>[^\n]+)|(?:请|帮我)?(?:忘记|忘掉|忘了)\s*[:：,，]?\s*(?<what>[^\n]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, ToolIntent.MatchTimeout)]
    private static partial Regex AsksToForget();
}
