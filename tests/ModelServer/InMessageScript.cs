using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenClaw.ModelServer;

/// <summary>
/// A script inside the user's message, for tests that keep no state here: <c>#tokens=40</c> (an answer of so many words),
/// <c>#delay=20</c> and <c>#first=100</c> (milliseconds), <c>#tool=time_now {}</c> (called once, then its result is told; on
/// several lines one call after another, or with <c>#together</c> all in one answer), <c>#status=500</c>, <c>#hang</c>, <c>#hang=3</c>, <c>#cut=3</c>, <c>#end=3</c>, <c>#garbage</c>, <c>#say=...</c> (to the end of
/// the line, <c>\n</c> for a line break). Without one the message is echoed. Models named <c>missing-...</c> do not exist.
/// </summary>
internal static partial class InMessageScript
{
    public static ModelAnswer Answer(AskedOfModel asked)
    {
        if (asked.Model.StartsWith("missing-", StringComparison.Ordinal))
            return new ModelAnswer { Status = 404, ErrorMessage = $"The model `{asked.Model}` does not exist or you do not have access to it." };
        var text = asked.UserText;
        var delay = Number(text, "delay") ?? 0;
        var first = Number(text, "first") ?? 0;
        if (NextCalls(asked) is { Count: > 0 } calls)
            return new ModelAnswer { ToolCalls = calls, DelayMilliseconds = delay, FirstDelayMilliseconds = first };

        return new ModelAnswer
        {
            Text = Say(asked),
            DelayMilliseconds = delay,
            FirstDelayMilliseconds = first,
            Status = Number(text, "status") ?? 200,
            Hang = Has(text, "hang") && Number(text, "hang") is null,
            HangAfter = Number(text, "hang"),
            CutAfter = Number(text, "cut"),
            EndAfter = Number(text, "end"),
            GarbageAfter = Has(text, "garbage") ? Number(text, "garbage") ?? 0 : null,
        };
    }

    private static List<ScriptedToolCall> NextCalls(AskedOfModel asked)
    {
        var left = ToolCall().Matches(asked.UserText).Skip(asked.ToolResultCount);
        return [.. (Has(asked.UserText, "together") ? left : left.Take(1)).Select((call, index) => new ScriptedToolCall(
            call.Groups["name"].Value,
            call.Groups["arguments"] is { Success: true } given ? given.Value : "{}",
            CallId(asked.ToolResultCount + index + 1)))];
    }

    /// <summary>The first call's id is left to the protocol; a later one of the same message has another.</summary>
    private static string? CallId(int number) => number == 1 ? null : string.Create(CultureInfo.InvariantCulture, $"call_scripted_{number}");

    private static string Say(AskedOfModel asked)
    {
        if (Number(asked.UserText, "tokens") is { } tokens)
            return string.Concat(Enumerable.Range(1, tokens).Select(number => string.Create(CultureInfo.InvariantCulture, $"token{number} "))).TrimEnd();
        if (SayLine().Match(asked.UserText) is { Success: true } said) return said.Groups[1].Value.Replace("\\n", "\n", StringComparison.Ordinal);
        if (asked.ToolResults is { } results) return $"The tool answered: {results}";
        var images = asked.Images > 0 ? $" [images: {asked.Images}]" : "";
        return $"You said: {asked.UserText}{images}";
    }

    private static bool Has(string text, string name) => Regex.IsMatch(text, $@"(?<!\S)#{name}\b");

    private static int? Number(string text, string name) =>
        Regex.Match(text, $@"(?<!\S)#{name}=(\d{{1,7}})") is { Success: true } match
            ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : null;

    [GeneratedRegex(@"(?<!\S)#tool=(?<name>[A-Za-z0-9_-]+)(?:[ \t]+(?<arguments>\{.*))?", RegexOptions.CultureInvariant)]
    private static partial Regex ToolCall();

    [GeneratedRegex(@"(?<!\S)#say=(.*)", RegexOptions.CultureInvariant)]
    private static partial Regex SayLine();
}
