using System.Text.Json;
using OpenClaw.Grains.Abstractions.Approvals;

namespace OpenClaw.Grains.Approvals;

/// <summary>What a policy says of a call: pure rules.</summary>
internal static class ToolPolicyRules
{
    /// <summary>Of an argument that is compared, in characters.</summary>
    internal const int MaxTextLength = 16 * 1024;

    /// <summary>The stricter of what several policies say.</summary>
    public static ToolDecision Decide(string tool, JsonElement arguments, params ReadOnlySpan<ToolPolicy> policies)
    {
        var strictest = ToolDecision.Allow;
        foreach (var policy in policies)
        {
            var decision = Decide(policy, tool, arguments);
            if (decision > strictest) strictest = decision;
        }

        return strictest;
    }

    /// <summary>Whether text is what a pattern says, in which <c>*</c> stands for any characters.</summary>
    /// <remarks>Looks back to the last star alone, so the time is at most the product of both lengths.</remarks>
    public static bool Matches(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var (at, inText, star, retry) = (0, 0, -1, 0);
        while (inText < text.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                retry = inText;
            }
            else if (at < pattern.Length && pattern[at] == text[inText])
            {
                at++;
                inText++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                inText = ++retry;
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].IndexOfAnyExcept('*') < 0;
    }

    private static ToolDecision Decide(ToolPolicy policy, string tool, JsonElement arguments)
    {
        foreach (var rule in policy.Rules)
        {
            if (Matches(rule.Tool, tool) && rule.Arguments.All(pattern => Matches(pattern, arguments, unsure: rule.Decision is not ToolDecision.Allow))) return rule.Decision;
        }

        return ToolDecision.Allow;
    }

    /// <param name="pattern">What the argument must be.</param>
    /// <param name="arguments">The call's.</param>
    /// <param name="unsure">What holds of an argument too long to be looked at: the stricter.</param>
    private static bool Matches(ArgumentPattern pattern, JsonElement arguments, bool unsure)
    {
        // Whatever it is, be it absent.
        if (pattern.Pattern.Length > 0 && pattern.Pattern.AsSpan().IndexOfAnyExcept('*') < 0) return true;
        if (!arguments.TryGetProperty(pattern.Name, out var value)) return false;
        var text = value.ValueKind is JsonValueKind.String ? value.GetString()! : value.GetRawText();
        return text.Length > MaxTextLength ? unsure : Matches(pattern.Pattern, text);
    }
}
