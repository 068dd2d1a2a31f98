using System.Text.Json;

namespace OpenClaw.Chaos.Tests.Audits;

/// <summary>Tokens of a call, of a turn or of a tenant.</summary>
/// <param name="Input">Tokens of prompts.</param>
/// <param name="Output">Tokens of answers.</param>
internal readonly record struct TokenCount(long Input, long Output)
{
    /// <summary>A <c>usage</c> object of the API.</summary>
    public static TokenCount Parse(JsonElement usage) =>
        new(usage.GetProperty("inputTokens").GetInt64(), usage.GetProperty("outputTokens").GetInt64());

    public static TokenCount Sum(IEnumerable<TokenCount> counts) =>
        counts.Aggregate(default(TokenCount), (sum, next) => new TokenCount(sum.Input + next.Input, sum.Output + next.Output));

    /// <summary>True when neither is less.</summary>
    public bool Covers(TokenCount other) => Input >= other.Input && Output >= other.Output;
}
