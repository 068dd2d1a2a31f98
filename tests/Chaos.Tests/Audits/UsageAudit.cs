using System.Text.Json;
using OpenClaw.Testing.Audits;
using OpenClaw.Testing.Http;

namespace OpenClaw.Chaos.Tests.Audits;

/// <summary>Holds what <c>GET /api/usage</c> says of a tenant against its turns.</summary>
internal static class UsageAudit
{
    /// <param name="usage">The answer of <c>GET /api/usage</c>.</param>
    /// <param name="ends">The last frames of all the tenant's turns.</param>
    public static IReadOnlyList<Finding> Audit(JsonElement usage, IReadOnlyCollection<StreamFrame> ends)
    {
        var days = usage.GetProperty("usage").EnumerateArray().ToList();
        var findings = new List<Finding>();
        var turns = days.Sum(day => day.GetProperty("turns").GetInt64());
        if (turns != ends.Count)
            findings.Add(new Finding(FindingKind.UsageDiffers, $"{ends.Count} turns have ended, {turns} are counted."));

        // What no turn has told of can only be an estimate: of calls that a crash cut.
        var total = TokenCount.Sum(days.Select(TokenCount.Parse));
        var estimated = TokenCount.Sum(days.Select(Estimated));
        var counted = new TokenCount(total.Input - estimated.Input, total.Output - estimated.Output);
        var told = TokenCount.Sum(ends.Where(end => end.Type == "done").Select(end => TokenCount.Parse(end.Json.GetProperty("usage"))));
        if (!total.Covers(told) || !told.Covers(counted))
            findings.Add(new Finding(FindingKind.UsageDiffers, $"The turns used {told}, the tenant {total}, of it estimated {estimated}."));
        return findings;
    }

    private static TokenCount Estimated(JsonElement day) => new(Tokens(day, "estimatedInputTokens"), Tokens(day, "estimatedOutputTokens"));

    private static long Tokens(JsonElement day, string name) => day.TryGetProperty(name, out var tokens) ? tokens.GetInt64() : 0;
}
