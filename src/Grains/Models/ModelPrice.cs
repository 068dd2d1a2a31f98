namespace OpenClaw.Grains.Models;

/// <summary>What a model costs, in a currency of the operator's choice: all prices and budgets are in the same one.</summary>
public sealed class ModelPrice
{
    internal const decimal Max = 1_000_000;

    /// <summary>The model's exact name.</summary>
    public string Model { get; set; } = "";

    /// <summary>For a million tokens of prompt, 0 to 1,000,000.</summary>
    public decimal InputPerMillion { get; set; }

    /// <summary>For a million tokens of answer, 0 to 1,000,000.</summary>
    public decimal OutputPerMillion { get; set; }
}
