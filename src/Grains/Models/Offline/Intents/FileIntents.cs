using System.Text;
using System.Text.RegularExpressions;
using OpenClaw.Grains.Workspaces.Tools;

namespace OpenClaw.Grains.Models.Offline.Intents;

/// <summary>Wishes that concern files. A path is what begins with a slash and holds no space.</summary>
internal static partial class FileIntents
{
    /// <summary>As a part of a pattern.</summary>
    internal const string PathPattern = """(?<path>/[^\s,，。;；、"'`“”‘’()（）]*)""";

    private const int MaxOrganisedLines = 100;

    /// <summary>With files attached: their lines as a document of their own.</summary>
    public static ToolIntent Organise { get; } = new(
        FilesWriteTool.ToolName,
        AsksToOrganise(),
        (plan, _) => plan.Question.AttachedTexts is { Count: > 0 } texts
            ? [WriteCall(plan, OrganisedPath(plan.Question), Organised(plan.Question, texts))]
            : [],
        TellWritten);

    public static ToolIntent Write { get; } = new(
        FilesWriteTool.ToolName,
        AsksToWrite(),
        (plan, wish) => [WriteCall(plan, PathOf(wish), ContentOf(wish.Groups["what"].Value, PathOf(wish)))],
        TellWritten);

    public static ToolIntent Read { get; } = new(
        FilesReadTool.ToolName,
        AsksToRead(),
        (_, wish) => [new PlannedCall(FilesReadTool.ToolName, new() { ["path"] = PathOf(wish) })],
        (question, result) => question.Say($"Here is what I read:\n\n{result}", $"读取结果：\n\n{result}"));

    public static ToolIntent List { get; } = new(
        FilesListTool.ToolName,
        AsksToList(),
        (_, wish) => [new PlannedCall(FilesListTool.ToolName, new() { ["path"] = wish.Groups["path"].Success ? PathOf(wish) : "/" })],
        (question, result) => question.Say($"Here are the files:\n\n{result}", $"文件如下：\n\n{result}"));

    public static ToolIntent Search { get; } = new(
        FilesSearchTool.ToolName,
        AsksToSearch(),
        // "Find" alone may mean anything.
        (_, wish) => wish.Groups["pattern"].Success || wish.Groups["text"].Success
            ? [new PlannedCall(FilesSearchTool.ToolName, SearchArguments(wish))]
            : [],
        (question, result) => question.Say($"Here is what I found:\n\n{result}", $"搜索结果：\n\n{result}"));

    private static PlannedCall WriteCall(OfflinePlan plan, string path, string content)
    {
        plan.Written = path;
        return new PlannedCall(FilesWriteTool.ToolName, new() { ["path"] = path, ["content"] = content });
    }

    private static string TellWritten(OfflineQuestion question, string result) =>
        question.Say($"Done: {result}", $"我已经整理好了：{result}");

    private static string PathOf(Match wish) => wish.Groups["path"].Value.TrimEnd('.', '!', '?', ':', '！', '？', '：');

    /// <summary>What stands in quotes is meant literally; a program is one of those known by heart; else the words themselves.</summary>
    private static string ContentOf(string what, string path)
    {
        var text = what.Trim(' ', ':', '：', ',', '，');
        if (Quoted().Match(text) is { Success: true } quoted) return quoted.Groups["text"].Value;
        return AsksForProgram().IsMatch(text) ? Programs.For(text, path) + "\n" : text;
    }

    private static Dictionary<string, object?> SearchArguments(Match wish)
    {
        var arguments = new Dictionary<string, object?>
        {
            ["pattern"] = wish.Groups["pattern"] is { Success: true, Value: var pattern } ? pattern.TrimEnd('.') : "*",
        };
        if (wish.Groups["path"].Success) arguments["path"] = PathOf(wish);
        if (wish.Groups["text"].Success) arguments["text"] = wish.Groups["text"].Value;
        return arguments;
    }

    private static string OrganisedPath(OfflineQuestion question) =>
        Meeting().IsMatch(question.Text) ? "/Documents/meeting-notes.md" : "/Documents/notes.md";

    private static string Organised(OfflineQuestion question, IReadOnlyList<(string Name, string Text)> texts)
    {
        var document = new StringBuilder(Meeting().IsMatch(question.Text) ? question.Say("# Meeting notes\n", "# 会议记录\n") : question.Say("# Notes\n", "# 笔记\n"));
        foreach (var (name, text) in texts)
        {
            document.Append("\n## ").Append(name[(name.LastIndexOf('/') + 1)..]).Append("\n\n");
            foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Take(MaxOrganisedLines))
                document.Append("- ").Append(line.TrimStart('-', '*', '#', ' ')).Append('\n');
        }

        return document.ToString();
    }

    [GeneratedRegex(@"整理|总结|归纳|\b(?:organi[sz]e|summari[sz]e|tidy\s+up|clean\s+up)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksToOrganise();

    [GeneratedRegex(@"会议|\bmeeting\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Meeting();

    [GeneratedRegex(
        @"\b(?:write|save|create)\s+(?:a\s+file\s+)?(?<what>.+?)\s+(?:to|into|in|at|as)\s+(?:the\s+file\s+)?" + PathPattern
        + @"|(?:写入|写到|保存到|存到|写进)\s*" + PathPattern + @"\s*[:：]\s*(?<what>[^\n]+)"
        + @"|(?:把|将)(?<what>.+?)(?:写入|写到|保存到|存到|写进)\s*" + PathPattern
        + @"|(?:用|写|创建|新建)(?<what>[^，。\n]+?)(?:写入|写到|保存到|存到|写进|保存为|放到|到|于)\s*" + PathPattern
        + @"|在\s*" + PathPattern + @"\s*(?:中|里)?写入?\s*[:：]?\s*(?<what>[^\n，]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex AsksToWrite();

    [GeneratedRegex(
        @"\b(?:read|show(?:\s+me)?|display|print)\s+(?:the\s+)?(?:file\s+|content\s+of\s+)?" + PathPattern + @"|(?:读取|读一下|读|查看|显示|打开)\s*(?:文件)?\s*" + PathPattern,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksToRead();

    [GeneratedRegex(
        @"\b(?:list|show(?:\s+me)?)\s+(?:all\s+)?(?:the\s+|my\s+)?(?:files|directory|folder)(?:\s+(?:in|of|under)\s+" + PathPattern + @")?|(?:列出|显示|看看)\s*(?:" + PathPattern + @")?\s*(?:目录|文件夹)?\s*(?:下|里|中)?\s*(?:的|所有)*(?:文件|目录)|" + PathPattern + @"\s*(?:下|里|中)?有(?:哪些|什么)文件|有(?:哪些|什么)文件",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksToList();

    [GeneratedRegex(
        """\b(?:search|find)\s+(?:for\s+)?(?:all\s+)?(?:files\s+)?(?:(?:named|matching|like)\s+)?(?:(?<pattern>[^\s,"'“”]*[*?][^\s,"'“”]*)\s*)?(?:files\s*)?(?:in\s+"""
        + PathPattern + """\s*)?(?:(?:containing|with|that\s+contain)\s+["“'](?<text>[^"”']+)["”'])?"""
        + """|(?:搜索|查找|寻找)\s*(?:在\s*""" + PathPattern + """\s*(?:下|里|中)?)?\s*(?:名为|匹配)?\s*(?<pattern>[^\s,"'“”，。包含]*[*?][^\s,"'“”，。包含]*)?\s*(?:的)?(?:文件)?\s*(?:(?:中|里)?包含\s*["“'「](?<text>[^"”'」]+)["”'」])?""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksToSearch();

    [GeneratedRegex("""\A(?:the\s+text\s+|text\s+|文字|内容)?["“「'](?<text>.*)["”」']\z""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\b(?:program|script|code|function)\b|程序|脚本|代码|函数", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksForProgram();
}
