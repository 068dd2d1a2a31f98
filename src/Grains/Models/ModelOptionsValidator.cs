using Microsoft.Extensions.Options;
using OpenClaw.Grains.Scheduling;

namespace OpenClaw.Grains.Models;

/// <summary>Checks how models are called; each message names the setting and what it takes.</summary>
internal sealed class ModelOptionsValidator(IOptions<ModelProviderOptions> providers) : IValidateOptions<ModelOptions>
{
    private const int MinContextTokens = 1_024;

    public ValidateOptionsResult Validate(string? name, ModelOptions options)
    {
        var errors = new List<string>();
        var hour = TimeSpan.FromHours(1);
        var tenMinutes = TimeSpan.FromMinutes(10);
        Positive(nameof(options.FirstTokenTimeout), options.FirstTokenTimeout, hour);
        Positive(nameof(options.IdleTimeout), options.IdleTimeout, hour);
        Positive(nameof(options.CallTimeout), options.CallTimeout, TimeSpan.FromDays(1));
        Positive(nameof(options.ConnectTimeout), options.ConnectTimeout, TimeSpan.FromMinutes(5));
        Positive("CircuitBreaker:OpenFor", options.CircuitBreaker.OpenFor, hour);
        NotNegative(nameof(options.RetryDelay), options.RetryDelay, TimeSpan.FromMinutes(1));
        NotNegative(nameof(options.MaxRetryDelay), options.MaxRetryDelay, tenMinutes);
        NotNegative(nameof(options.MaxRetryAfter), options.MaxRetryAfter, tenMinutes);
        Number(nameof(options.Retries), options.Retries, 0, 20);
        Number(nameof(options.ContextTokens), options.ContextTokens, MinContextTokens, int.MaxValue);
        Number(nameof(options.AnthropicMaxOutputTokens), options.AnthropicMaxOutputTokens, 1, 1_000_000);
        Number(nameof(options.ConcurrentCalls), options.ConcurrentCalls, 1, FairnessOptionsValidator.MaxSlots);
        Number(nameof(options.ReservedOutputTokens), options.ReservedOutputTokens, 1, 1_000_000);
        Prices(options.Prices);
        Number("CircuitBreaker:Failures", options.CircuitBreaker.Failures, 1, 10_000);
        Number("Offline:ChunkDelayMilliseconds", options.Offline.ChunkDelayMilliseconds, 0, 60_000);
        Models(nameof(options.Fallbacks), options.Fallbacks);
        for (var i = 0; i < options.Overrides.Count; i++)
        {
            var model = options.Overrides[i];
            if (string.IsNullOrWhiteSpace(model.Name))
                errors.Add($"{ModelOptions.Section}:Overrides:{i}:Name must name a model.");
            if (model.ContextTokens is { } tokens) Number($"Overrides:{i}:ContextTokens", tokens, MinContextTokens, int.MaxValue);
            if (model.Fallbacks is { } fallbacks) Models($"Overrides:{i}:Fallbacks", fallbacks);
        }

        if (options.Overrides.Select(model => model.Name).Distinct().Count() < options.Overrides.Count)
            errors.Add($"{ModelOptions.Section}:Overrides names a model twice.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Positive(string setting, TimeSpan value, TimeSpan limit)
        {
            if (value < TimeSpan.FromMilliseconds(1) || value > limit)
                errors.Add($"{ModelOptions.Section}:{setting} is {value}; it must be between 00:00:00.001 and {limit}.");
        }

        void NotNegative(string setting, TimeSpan value, TimeSpan limit)
        {
            if (value < TimeSpan.Zero || value > limit)
                errors.Add($"{ModelOptions.Section}:{setting} is {value}; it must be between 00:00:00 and {limit}.");
        }

        void Number(string setting, int value, int least, int most)
        {
            if (value < least || value > most)
                errors.Add($"{ModelOptions.Section}:{setting} is {value}; it must be between {least} and {most}.");
        }

        void Prices(IList<ModelPrice> prices)
        {
            for (var i = 0; i < prices.Count; i++)
            {
                var price = prices[i];
                if (string.IsNullOrWhiteSpace(price.Model))
                    errors.Add($"{ModelOptions.Section}:Prices:{i}:Model must name a model.");
                if (price.InputPerMillion is < 0 or > ModelPrice.Max || price.OutputPerMillion is < 0 or > ModelPrice.Max)
                    errors.Add($"{ModelOptions.Section}:Prices:{i} must have prices between 0 and {ModelPrice.Max}.");
            }

            if (prices.Select(price => price.Model).Distinct().Count() < prices.Count)
                errors.Add($"{ModelOptions.Section}:Prices names a model twice.");
        }

        void Models(string setting, IList<string> names)
        {
            foreach (var model in names)
            {
                if (ModelRouter.ProviderOf(model, providers.Value) is null)
                    errors.Add($"{ModelOptions.Section}:{setting} names '{model}', which no configured provider serves.");
            }
        }
    }
}
