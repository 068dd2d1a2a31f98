using Microsoft.Extensions.Options;

namespace OpenClaw.Grains.Memory.Embeddings;

/// <summary>What the attributes cannot say.</summary>
internal sealed class EmbeddingOptionsValidator : IValidateOptions<EmbeddingOptions>
{
    public ValidateOptionsResult Validate(string? name, EmbeddingOptions options) =>
        options.BaseUrl is { } address && !(Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https")
            ? ValidateOptionsResult.Fail($"{EmbeddingOptions.Section}:BaseUrl is '{address}': it must be an http or https address.")
            : options.LeastSimilarity >= options.FullSimilarity
            ? ValidateOptionsResult.Fail(
                $"{EmbeddingOptions.Section}:LeastSimilarity is {options.LeastSimilarity}: it must be below FullSimilarity ({options.FullSimilarity}).")
            : ValidateOptionsResult.Success;
}
