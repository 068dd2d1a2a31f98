namespace OpenClaw.Storage.Tenants;

/// <summary>What was used of a model. Deltas of one commit are summed per tenant, day and model before they are written.</summary>
/// <param name="Day">UTC.</param>
/// <param name="Model">The model that answered.</param>
/// <param name="Turns">Turns that ended with it.</param>
/// <param name="InputTokens">All of them.</param>
/// <param name="OutputTokens">All of them.</param>
public sealed record UsageDelta(DateOnly Day, string Model, int Turns, long InputTokens, long OutputTokens)
{
    /// <summary>The part of <see cref="InputTokens"/> that no provider counted.</summary>
    public long EstimatedInputTokens { get; init; }

    /// <summary>The part of <see cref="OutputTokens"/> that no provider counted.</summary>
    public long EstimatedOutputTokens { get; init; }

    /// <summary>What it costs by the prices of its time, to a billionth of the currency.</summary>
    public decimal Cost { get; init; }
}
