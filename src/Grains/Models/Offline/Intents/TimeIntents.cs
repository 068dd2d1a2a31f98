using System.Text.RegularExpressions;
using OpenClaw.Grains.Tools;

namespace OpenClaw.Grains.Models.Offline.Intents;

/// <summary>Questions about the time.</summary>
internal static partial class TimeIntents
{
    /// <summary>Places that a question about the time may name, in both languages.</summary>
    private static readonly (string Word, string Zone)[] Zones =
    [
        ("shanghai", "Asia/Shanghai"), ("beijing", "Asia/Shanghai"), ("china", "Asia/Shanghai"),
        ("北京", "Asia/Shanghai"), ("上海", "Asia/Shanghai"), ("中国", "Asia/Shanghai"),
        ("hong kong", "Asia/Hong_Kong"), ("香港", "Asia/Hong_Kong"), ("taipei", "Asia/Taipei"), ("台北", "Asia/Taipei"),
        ("tokyo", "Asia/Tokyo"), ("japan", "Asia/Tokyo"), ("东京", "Asia/Tokyo"), ("日本", "Asia/Tokyo"),
        ("singapore", "Asia/Singapore"), ("新加坡", "Asia/Singapore"),
        ("london", "Europe/London"), ("伦敦", "Europe/London"), ("paris", "Europe/Paris"), ("巴黎", "Europe/Paris"),
        ("berlin", "Europe/Berlin"), ("柏林", "Europe/Berlin"),
        ("new york", "America/New_York"), ("纽约", "America/New_York"),
        ("san francisco", "America/Los_Angeles"), ("旧金山", "America/Los_Angeles"),
    ];

    public static ToolIntent Now { get; } = new(
        TimeNowTool.ToolName,
        AsksForTime(),
        // Asked twice in one message, it is one question.
        (plan, _) => plan.Calls.Any(call => call.Tool == TimeNowTool.ToolName)
            ? []
            : [new PlannedCall(TimeNowTool.ToolName, ZoneOf(plan.Question.Text) is { } zone ? new() { ["timezone"] = zone } : [])],
        (question, result) => question.Say($"It is {result}.", $"现在是 {result}。"));

    /// <summary>The IANA name of the zone that a text names, by itself or by a place; null when it names none.</summary>
    public static string? ZoneOf(string text)
    {
        if (ZoneName().Match(text) is { Success: true } named) return named.Value;
        foreach (var (word, zone) in Zones)
        {
            if (text.Contains(word, StringComparison.OrdinalIgnoreCase)) return zone;
        }

        return null;
    }

    [GeneratedRegex(
        @"\bwhat(?:'s|\s+is)?\s+(?:the\s+)?(?:current\s+|local\s+)?(?:time|date|day)\b|\bcurrent\s+(?:time|date)\b|\btime\s+(?:is\s+it|now)\b|几点|现在.{0,6}时间|当前.{0,4}时间|今天.{0,3}(?:几号|星期几|周几|日期)|什么时间|什么日期",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex AsksForTime();

    [GeneratedRegex(@"\b(?:Africa|America|Asia|Atlantic|Australia|Europe|Indian|Pacific)/[A-Za-z_]+(?:/[A-Za-z_]+)?\b", RegexOptions.CultureInvariant)]
    private static partial Regex ZoneName();
}
