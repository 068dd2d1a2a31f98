using System.Text.RegularExpressions;
using OpenClaw.Grains.Browser.Tools;

namespace OpenClaw.Grains.Models.Offline.Intents;

/// <summary>Wishes that concern pages. Elements are named by their references, as in a snapshot.</summary>
internal static partial class BrowserIntents
{
    private const string UrlPattern = """(?<url>https?://[^\s,，。;；、"'`“”‘’()（）]+)""";
    private const string PathPattern = FileIntents.PathPattern;
    private const string RefPattern = """(?<ref>(?:f[0-9]+)?e[0-9]+)\b""";

    private const string PictureFolder = "/Documents";

    public static ToolIntent Screenshot { get; } = new(
        BrowserScreenshotTool.ToolName,
        AsksForScreenshot(),
        (_, wish) => [.. Opened(wish), new PlannedCall(BrowserScreenshotTool.ToolName, new() { ["path"] = PictureOf(wish), ["fullPage"] = true })],
        (question, result) => question.Say($"Done: {result}", $"截图完成：{result}"));

    public static ToolIntent Open { get; } = new(
        BrowserOpenTool.ToolName,
        AsksToOpen(),
        (_, wish) => Opened(wish),
        (question, result) => question.Say($"I opened it. {result}", $"已打开页面。{result}"));

    public static ToolIntent Snapshot { get; } = new(
        BrowserSnapshotTool.ToolName,
        AsksWhatIsThere(),
        (_, wish) => [.. Opened(wish), new PlannedCall(BrowserSnapshotTool.ToolName, [])],
        (question, result) => question.Say($"Here is what is on the page:\n\n{result}", $"页面内容：\n\n{result}"));

    public static ToolIntent Execute { get; } = new(
        BrowserExecuteTool.ToolName,
        AsksToExecute(),
        (_, wish) => [new PlannedCall(BrowserExecuteTool.ToolName, new() { ["script"] = wish.Groups["script"].Value })],
        (question, result) => question.Say($"The script ran:\n\n{result}", $"脚本已执行：\n\n{result}"));

    public static ToolIntent Act { get; } = new(
        BrowserActTool.ToolName,
        AsksToAct(),
        (_, wish) => [new PlannedCall(BrowserActTool.ToolName, ActionOf(wish))],
        (question, result) => question.Say($"Done. {result}", $"已完成。{result}"));

    private static IEnumerable<PlannedCall> Opened(Match wish) =>
        wish.Groups["url"].Success ? [new PlannedCall(BrowserOpenTool.ToolName, new() { ["url"] = UrlOf(wish) })] : [];

    private static string UrlOf(Match wish) => wish.Groups["url"].Value.TrimEnd('.', '!', '?', ':', '！', '？', '：', '的');

    /// <summary>What is no picture by its name is the folder to put it in.</summary>
    private static string PictureOf(Match wish)
    {
        var path = wish.Groups["path"].Success ? wish.Groups["path"].Value.TrimEnd('.', '!', '?', '/') : PictureFolder;
        if (path.EndsWith(".png", StringComparison.OrdinalIgnoreCase)) return path;
        var name = wish.Groups["url"].Success && Uri.TryCreate(UrlOf(wish), UriKind.Absolute, out var url) ? url.Host : "page";
        return $"{path}/{name}.png";
    }

    private static Dictionary<string, object?> ActionOf(Match wish)
    {
        var action = wish.Groups["click"].Success ? "click" : wish.Groups["hover"].Success ? "hover" : wish.Groups["press"].Success ? "press" : wish.Groups["select"].Success ? "select" : "type";
        var arguments = new Dictionary<string, object?> { ["action"] = action };
        if (wish.Groups["ref"].Success) arguments["ref"] = wish.Groups["ref"].Value;
        if (action == "press") arguments["key"] = wish.Groups["key"].Value;
        if (action == "type") arguments["text"] = wish.Groups["text"].Value;
        if (action == "select") arguments["value"] = wish.Groups["text"].Value;
        return arguments;
    }

    [GeneratedRegex(
        @"\b(?:(?:put|take|save|make|get)\s+)?(?:a\s+)?(?:full\s+)?screen\s?shot(?:\s+of\s+(?:" + UrlPattern + @"|(?:the|this)\s+page))?(?:\s+(?:and\s+(?:put|save)\s+it\s+)?(?:in|to|into|at|as|under)\s+" + PathPattern + ")?"
        + @"|(?:把|将|给|对|为)?\s*" + UrlPattern + @"\s*的?\s*(?:网页|页面)?\s*(?:的)?(?:截图|截屏)(?:\s*(?:，|,)?\s*(?:并)?(?:放到|放在|放进|保存到|存到|到)\s*" + PathPattern + ")?"
        + @"|(?:截图|截屏)(?:\s*(?:放到|放在|保存到|存到|到)\s*" + PathPattern + ")?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksForScreenshot();

    [GeneratedRegex(
        @"\b(?:open|visit|browse(?:\s+to)?|go\s+to|navigate\s+to)\s+(?:the\s+)?(?:page\s+|site\s+|website\s+)?" + UrlPattern + @"|(?:打开|访问|浏览)\s*(?:网页|网站|页面)?\s*" + UrlPattern,
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksToOpen();

    [GeneratedRegex(
        @"\b(?:read|what(?:'s|\s+is)\s+on|look\s+at|snapshot\s+of)\s+(?:(?:the\s+|this\s+)?page\b|(?:the\s+)?(?:page\s+|site\s+)?" + UrlPattern + @")|(?:读取|看看|阅读)\s*(?:网页|页面)?\s*" + UrlPattern + "|(?:网页|页面)(?:上|里)?(?:的内容|有什么|有哪些内容)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksWhatIsThere();

    [GeneratedRegex(
        """\b(?:run|execute|evaluate)\s+(?:the\s+)?(?:java\s?script|js|script)\s*:?\s*[`"“](?<script>[^`”"]+)[`”"](?:\s+(?:in|on)\s+(?:the|this)\s+page)?"""
        + """|(?:在(?:网页|页面)(?:中|里|上)?)?\s*(?:执行|运行)\s*(?:脚本|JavaScript|JS)\s*[:：]?\s*[`"“「](?<script>[^`”」"]+)[`”」"]""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksToExecute();

    [GeneratedRegex(
        @"\b(?<click>click)\s+(?:on\s+)?(?:the\s+)?(?:element\s+)?" + RefPattern + @"|\b(?<hover>hover)\s+(?:over\s+)?" + RefPattern
        + """|\btype\s+["“'`](?<text>[^"”'`]*)["”'`]\s+in(?:to)?\s+""" + RefPattern + """|\b(?<select>select)\s+["“'`](?<text>[^"”'`]*)["”'`]\s+in\s+""" + RefPattern
        + @"|\b(?<press>press)\s+(?:the\s+)?(?:key\s+)?(?<key>[A-Za-z0-9+]+)(?:\s+in\s+" + RefPattern + ")?"
        + @"|(?<click>点击|单击)\s*(?:元素)?\s*" + RefPattern + @"|(?<hover>悬停)\s*(?:在|到)?\s*" + RefPattern
        + @"|在\s*" + RefPattern + """\s*(?:中|里)?\s*(?:输入|键入)\s*["“「'](?<text>[^"”」']*)["”」']|在\s*""" + RefPattern + """\s*(?:中|里)?\s*(?<select>选择)\s*["“「'](?<text>[^"”」']*)["”」']"""
        + @"|(?<press>按下|按)\s*(?<key>[A-Za-z][A-Za-z0-9+]*)\s*键?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksToAct();
}
