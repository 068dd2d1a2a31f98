using System.Text.Json;
using OpenClaw.Grains.Abstractions.Approvals;

namespace OpenClaw.Grains.Approvals;

/// <summary>What a policy says of a call: pure rules.</summary>
internal static class ToolPolicyRules
{
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
            if (Matches(rule.Tool, tool) && rule.Arguments.All(pattern => Matches(pattern, arguments))) return rule.Decision;
        }

        return ToolDecision.Allow;
    }

    private static bool Matches(ArgumentPattern pattern, JsonElement arguments) =>
        arguments.TryGetProperty(pattern.Name, out var value)
        && Matches(pattern.Pattern, value.ValueKind is JsonValueKind.String ? value.GetString() : value.GetRawText());
}
