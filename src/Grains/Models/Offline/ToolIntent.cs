using System.Text.RegularExpressions;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>A wish that a tool can fulfil.</summary>
/// <param name="Tool">The tool's name.</param>
/// <param name="Wish">What a message says that wishes for it.</param>
/// <param name="Arguments">The call's arguments, from the message and the match.</param>
/// <param name="Tell">The answer, from the question and the tool's result.</param>
internal sealed record ToolIntent(
    string Tool,
    Regex Wish,
    Func<OfflineQuestion, Match, Dictionary<string, object?>> Arguments,
    Func<OfflineQuestion, string, string> Tell);
