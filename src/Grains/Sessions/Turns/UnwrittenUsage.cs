using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Storage.Tenants;

namespace OpenClaw.Grains.Sessions.Turns;

/// <summary>Usage that the next commit writes down.</summary>
internal sealed class UnwrittenUsage
{
    private TokenUsage _all = TokenUsage.Zero;
    private TokenUsage _estimated = TokenUsage.Zero;
    private decimal _cost;

    public void Add(TokenUsage usage, decimal cost)
    {
        _all += usage;
        if (usage.Estimated) _estimated += usage;
        _cost += cost;
    }

    /// <summary>All of it, which is nobody's any more; null when there is none and no turn ends.</summary>
    public UsageDelta? Take(DateTimeOffset at, string model, int turns = 0)
    {
        if (turns == 0 && _all.TotalTokens == 0) return null;
        var taken = new UsageDelta(DateOnly.FromDateTime(at.UtcDateTime), model, turns, _all.InputTokens, _all.OutputTokens)
        {
            EstimatedInputTokens = _estimated.InputTokens,
            EstimatedOutputTokens = _estimated.OutputTokens,
            Cost = _cost,
        };
        (_all, _estimated, _cost) = (TokenUsage.Zero, TokenUsage.Zero, 0);
        return taken;
    }
}
