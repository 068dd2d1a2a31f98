using OpenClaw.Grains.Abstractions.Approvals;

namespace OpenClaw.Grains.Approvals;

/// <summary>A rule as it is stored; see <see cref="ToolRule"/>.</summary>
internal sealed record ToolRuleState
{
    public required string Tool { get; init; }

    public ArgumentPatternState[]? Arguments { get; init; }

    /// <summary>The number of a <see cref="ToolDecision"/>: those are for good.</summary>
    public required int Decision { get; init; }

    /// <summary>Null for a policy without rules.</summary>
    public static ToolRuleState[]? Of(ToolPolicy policy) => policy.Rules.Count == 0 ? null : [.. policy.Rules.Select(Of)];

    public static ToolPolicy ToPolicy(ToolRuleState[]? rules) => rules is null
        ? ToolPolicy.Empty
        : new ToolPolicy { Rules = rules.Select(rule => rule.ToRule()).ToArray() };

    private static ToolRuleState Of(ToolRule rule) => new()
    {
        Tool = rule.Tool,
        Arguments = rule.Arguments.Count == 0 ? null : [.. rule.Arguments.Select(pattern => new ArgumentPatternState(pattern.Name, pattern.Pattern))],
        Decision = (int)rule.Decision,
    };

    private ToolRule ToRule() => new()
    {
        Tool = Tool,
        Arguments = Arguments is null ? Array.Empty<ArgumentPattern>() : Arguments.Select(pattern => new ArgumentPattern(pattern.Name, pattern.Pattern)).ToArray(),
        Decision = (ToolDecision)Decision,
    };
}

/// <summary>A pattern as it is stored; see <see cref="ArgumentPattern"/>.</summary>
internal sealed record ArgumentPatternState(string Name, string Pattern);
