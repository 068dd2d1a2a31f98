using System.Text.RegularExpressions;
using OpenClaw.Grains.Commands.Tools;

namespace OpenClaw.Grains.Models.Offline.Intents;

/// <summary>Wishes to run something.</summary>
internal static partial class CommandIntents
{
    public static ToolIntent Run { get; } = new(
        CommandsRunTool.ToolName,
        AsksToRun(),
        (plan, wish) => CommandOf(plan, wish) is { } command ? [new PlannedCall(CommandsRunTool.ToolName, command)] : [],
        (question, result) => question.Say($"I ran it:\n\n{result}", $"运行结果：\n\n{result}"));

    private static Dictionary<string, object?>? CommandOf(OfflinePlan plan, Match wish)
    {
        if (wish.Groups["it"].Success) return plan.Written is { } written ? Running(written) : null;
        var words = wish.Groups["quoted"] is { Success: true } quoted ? quoted.Value : wish.Groups["words"].Value.Trim();
        // A script for a page is another's.
        if (Script().IsMatch(words)) return null;
        if (words.StartsWith('/') && !words.Contains(' ', StringComparison.Ordinal)) return Running(words);
        return words.Length > 0 ? new() { ["command"] = words } : null;
    }

    /// <summary>A file is run by what its name says it is, where it lies.</summary>
    private static Dictionary<string, object?> Running(string path)
    {
        var at = path.LastIndexOf('/');
        var name = path[(at + 1)..];
        var program = Path.GetExtension(name) switch { ".py" => "python3 ", ".js" => "node ", ".sh" => "bash ", ".pl" => "perl ", _ => "./" };
        return new() { ["command"] = program + name, ["cwd"] = at == 0 ? "/" : path[..at] };
    }

    [GeneratedRegex(@"\A(?:the\s+)?(?:java\s?script|js|script)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Script();

    [GeneratedRegex(
        """\b(?:run|execute)\s+(?:the\s+command\s+|command\s+)?(?:(?<it>(?:it|this|that)\b)|[`"“'](?<quoted>[^`"”']+)[`"”']|(?<words>[^\n,;]+?)(?=\s+(?:and\s+then|then|and\s+(?:put|save|write|open|show|take))\b|[,;\n]|\.(?:\s|$)|\s*$))"""
        + """|(?:运行|执行)\s*(?:命令)?\s*[:：]?\s*(?:(?<it>它|一下|该(?:程序|脚本|文件)|这个(?:程序|脚本|文件)?)|[`"“「'](?<quoted>[^`"”」']+)[`"”」']|(?<words>[A-Za-z0-9_./~][^，。；\n]*))""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Multiline)]
    private static partial Regex AsksToRun();
}
