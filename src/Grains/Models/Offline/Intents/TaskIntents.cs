using System.Globalization;
using System.Text.RegularExpressions;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Abstractions.Tasks;
using OpenClaw.Grains.Tasks.Tools;

namespace OpenClaw.Grains.Models.Offline.Intents;

/// <summary>Wishes that something be done later, again and again.</summary>
internal static partial class TaskIntents
{
    private const int MaxNameCharacters = 60;

    private const string When =
        @"(?:(?:every\s{1,5}(?:(?<count>\d{1,6})\s{1,5})?(?<unit>second|minute|hour)s?)"
        + @"|(?:(?:every\s{1,5}(?<day>day|weekday|sunday|monday|tuesday|wednesday|thursday|friday|saturday)|daily)\s{1,5}at\s{1,5}"
        + @"(?<hour>\d{1,2})(?::(?<minute>\d{2}))?\s?(?<half>[ap]m)?(?!\d)))";

    private const string Verb = @"(?:remind|tell|say|send|run|execute|write|check|open|list|read|summari[sz]e|search|show|take)\b";

    private const string ChineseWhen =
        @"每(?:(?:隔)?(?<count>\d{1,6})?\s{0,3}个?(?<unit>秒|分钟|小时)"
        + @"|(?<day>天|日|个?工作日|(?:周|星期)[一二三四五六日天])(?<half>早上|上午|中午|下午|晚上)?\s{0,3}(?<hour>\d{1,2})"
        + @"(?:[:：](?<minute>\d{2})|[点时](?:(?<minute>\d{1,2})分?|(?<minute>半))?))";

    /// <summary>Days of the week as cron counts them.</summary>
    private static readonly Dictionary<string, string> Days = new(StringComparer.OrdinalIgnoreCase)
    {
        ["day"] = "*", ["天"] = "*", ["日"] = "*", ["weekday"] = "1-5", ["工作日"] = "1-5", ["个工作日"] = "1-5",
        ["sunday"] = "0", ["monday"] = "1", ["tuesday"] = "2", ["wednesday"] = "3", ["thursday"] = "4", ["friday"] = "5", ["saturday"] = "6",
    };

    public static ToolIntent Create { get; } = new(
        TasksCreateTool.ToolName,
        AsksToSchedule(),
        (plan, wish) => TaskOf(plan.Question, wish) is { } task ? [new PlannedCall(TasksCreateTool.ToolName, task)] : [],
        (question, result) => question.Say($"It is scheduled. {result}", $"已安排。{result}"));

    public static ToolIntent List { get; } = new(
        TasksListTool.ToolName,
        AsksWhatIsScheduled(),
        (_, _) => [new PlannedCall(TasksListTool.ToolName, [])],
        (question, result) => question.Say($"This is scheduled:\n\n{result}", $"已安排的任务：\n\n{result}"));

    public static ToolIntent Delete { get; } = new(
        TasksDeleteTool.ToolName,
        AsksToDelete(),
        (_, wish) => [new PlannedCall(TasksDeleteTool.ToolName, new() { ["taskId"] = wish.Groups["id"].Value })],
        (question, result) => question.Say($"Done: {result}", $"已完成：{result}"));

    /// <summary>Null when it names no time that there is, or nothing to be done.</summary>
    private static Dictionary<string, object?>? TaskOf(OfflineQuestion question, Match wish)
    {
        var what = wish.Groups["what"].Value.Trim().TrimEnd('.', '!', '。', '！').TrimEnd();
        if (what.Length == 0) return null;
        var task = new Dictionary<string, object?> { ["name"] = WholeCharacters.Of(what, MaxNameCharacters) };
        if (wish.Groups["unit"].Success)
        {
            if (SecondsOf(wish) is not (>= 1 and <= TaskSchedule.MaxSeconds and var seconds)) return null;
            task["everySeconds"] = seconds;
        }
        else
        {
            if (CronOf(wish) is not { } cron) return null;
            task["cron"] = cron;
            if (TimeIntents.ZoneOf(question.Text) is { } zone) task["timezone"] = zone;
        }

        if (Command().Match(what) is { Success: true } run)
        {
            task["command"] = run.Groups["quoted"].Value;
        }
        else
        {
            task["message"] = what;
            task["here"] = true;
        }

        return task;
    }

    private static long SecondsOf(Match wish)
    {
        var count = wish.Groups["count"] is { Success: true } group ? NumberOf(group) : 1;
        return count * wish.Groups["unit"].Value.ToUpperInvariant() switch { "SECOND" or "秒" => 1, "MINUTE" or "分钟" => 60, _ => 3600 };
    }

    private static string? CronOf(Match wish)
    {
        var hour = NumberOf(wish.Groups["hour"]);
        var minute = wish.Groups["minute"] switch { { Success: false } => 0, { Value: "半" } => 30, var group => NumberOf(group) };
        hour = wish.Groups["half"].Value.ToUpperInvariant() switch
        {
            "PM" or "下午" or "晚上" when hour < 12 => hour + 12,
            "中午" when hour < 6 => hour + 12,
            "AM" or "早上" or "上午" or "晚上" when hour == 12 => 0,
            _ => hour,
        };
        if (hour > 23 || minute > 59) return null;
        return string.Create(CultureInfo.InvariantCulture, $"{minute} {hour} * * {DayOf(wish.Groups["day"])}");
    }

    private static string DayOf(Group day)
    {
        if (!day.Success) return Days["day"];
        if (Days.TryGetValue(day.Value, out var known)) return known;
        // 周日 and 周天 are Sunday, 周一 to 周六 the days after it.
        var number = "日一二三四五六".IndexOf(day.Value[^1], StringComparison.Ordinal);
        return Math.Max(number, 0).ToString(CultureInfo.InvariantCulture);
    }

    private static long NumberOf(Group digits) => long.Parse(digits.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"(?:(?<=^|[.!?;\n]\s?)(?:please\s{1,5})?" + When + @"\s{0,5}[,:]?\s{1,5}(?:please\s{1,5})?(?<what>" + Verb + @"[^\n]*))"
        + @"|(?:\bremind\s+me\s+" + When + @"\s{1,5}(?:to|of|about|that)\s{1,5}(?<what>[^\n]+))"
        + @"|(?:(?<=^|[.!?;\n]\s?)(?:please\s{1,5})?(?<what>" + Verb + @"[^\n]{1,500}?)\s{1,5}" + When + @"(?=\s{0,5}(?:[.!?\n]|$)))"
        + "|(?:" + ChineseWhen + @"[,，]?\s{0,3}(?:请|帮我|都|自动){0,3}(?<what>(?:提醒|告诉|说|发送|运行|执行|检查|打开|列出|读取|总结|搜索|写|截图)[^\n]*))",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, ToolIntent.MatchTimeout)]
    private static partial Regex AsksToSchedule();

    [GeneratedRegex(
        @"\b(?:list|show)\s+(?:me\s+)?(?:(?:all|my|the)\s+){0,2}(?:scheduled\s+)?tasks\b|\bwhat\s+(?:is|have\s+i)\s+scheduled\b"
        + @"|(?:列出|查看|显示)\s?(?:所有|我的|全部)?的?(?:定时|计划)?任务|有哪些(?:定时|计划)?任务",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, ToolIntent.MatchTimeout)]
    private static partial Regex AsksWhatIsScheduled();

    [GeneratedRegex(
        @"(?:\b(?:delete|cancel|remove)\s+(?:the\s+)?(?:task\s+)?|(?:删除|取消)\s?(?:定时|计划)?(?:任务)?\s?)(?<id>task-[0-9a-z]{1,59})",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, ToolIntent.MatchTimeout)]
    private static partial Regex AsksToDelete();

    [GeneratedRegex(
        """\A(?:(?:run|execute)\s+(?:the\s+)?(?:command\s+)?|(?:运行|执行)\s*(?:命令)?\s*[:：]?\s*)[`"“'「](?<quoted>[^`"”'」]+)[`"”'」]\z""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, ToolIntent.MatchTimeout)]
    private static partial Regex Command();
}
