using System.Text.RegularExpressions;

namespace OpenClaw.Grains.Models.Offline;

/// <summary>A wish that tools can fulfil.</summary>
/// <param name="Tool">The tool that it needs.</param>
/// <param name="Wish">What a message says that wishes for it; a message may wish several times.</param>
/// <param name="Plan">The calls that fulfil it, one after the other; none when the wish turns out to be another.</param>
/// <param name="Tell">The answer, from the question and the tool's result.</param>
internal sealed record ToolIntent(
    string Tool,
    Regex Wish,
    Func<OfflinePlan, Match, IEnumerable<PlannedCall>> Plan,
    Func<OfflineQuestion, string, string> Tell)
{
    /// <summary>Of a wish's pattern, in milliseconds: what takes longer was made to, no sentence does.</summary>
    public const int MatchTimeout = 1000;
}

/// <summary>A tool call to be made.</summary>
internal sealed record PlannedCall(string Tool, Dictionary<string, object?> Arguments);
