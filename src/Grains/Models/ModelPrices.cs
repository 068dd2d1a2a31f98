using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.Grains.Models;

/// <summary>From tokens to cost, as the configuration prices models.</summary>
internal sealed class ModelPrices(IOptions<ModelOptions> options)
{
    private const decimal Million = 1_000_000;

    private readonly Dictionary<string, ModelPrice> _prices =
        options.Value.Prices.ToDictionary(price => price.Model, StringComparer.Ordinal);

    /// <summary>Whether the model has a price; what has none costs nothing.</summary>
    public bool Has(string model) => _prices.ContainsKey(model);

    public decimal CostOf(string model, TokenUsage usage) => _prices.TryGetValue(model, out var price)
        ? ((usage.InputTokens * price.InputPerMillion) + (usage.OutputTokens * price.OutputPerMillion)) / Million
        : 0;
}
