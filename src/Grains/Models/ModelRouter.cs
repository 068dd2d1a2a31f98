using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions.Errors;

namespace OpenClaw.Grains.Models;

/// <summary>From a model's name to the provider that serves it, as the API contract's "Model routing" says. Never calls out.</summary>
internal sealed class ModelRouter
{
    /// <summary>The built-in model.</summary>
    public const string Offline = "offline";

    /// <summary>The built-in model reads whatever the API accepts: a content of 1 MiB is at most so many tokens.</summary>
    private const int OfflineContextTokens = 2_000_000;

    private const string DefaultOpenAIModel = "gpt-4o-mini";
    private const string DefaultAnthropicModel = "claude-sonnet-4-5";
    private const int MaxNameLength = 200;

    private readonly ModelOptions _options;
    private readonly ModelProviderOptions _providers;
    private readonly Dictionary<string, ModelOverride> _overrides;
    private readonly string _default;
    private readonly ModelRoute _defaultRoute;

    public ModelRouter(IOptions<ModelOptions> options, IOptions<ModelProviderOptions> providers)
    {
        _options = options.Value;
        _providers = providers.Value;
        _overrides = _options.Overrides.ToDictionary(model => model.Name, StringComparer.Ordinal);
        _default = _providers.DefaultModel
            ?? (_providers.HasOpenAI ? DefaultOpenAIModel : _providers.HasAnthropic ? DefaultAnthropicModel : Offline);
        _defaultRoute = Resolve(_default);
    }

    /// <summary>The provider of a name, or null when no configured one serves it.</summary>
    public static ModelProviderKind? ProviderOf(string model, ModelProviderOptions providers)
    {
        if (model == Offline || !(providers.HasOpenAI || providers.HasAnthropic)) return ModelProviderKind.Offline;
        if (providers.HasAnthropic && model.StartsWith("claude-", StringComparison.Ordinal)) return ModelProviderKind.Anthropic;
        return providers.HasOpenAI ? ModelProviderKind.OpenAI : null;
    }

    public ModelRoute Route(string? requested) =>
        requested is null || requested == _default ? _defaultRoute : Resolve(requested);

    /// <summary>The provider that a route leads to.</summary>
    public ModelProviderKind ProviderOf(string model) => ProviderOf(model, _providers)
        ?? throw new InvalidOperationException("The model has no route.");

    /// <summary>Models to ask when this one fails, in order, without itself.</summary>
    public IReadOnlyList<string> FallbacksOf(string model)
    {
        var fallbacks = _overrides.GetValueOrDefault(model)?.Fallbacks ?? _options.Fallbacks;
        return fallbacks.Count == 0 ? [] : [.. fallbacks.Where(name => name != model).Distinct()];
    }

    private ModelRoute Resolve(string model)
    {
        if (model.Length is 0) return Refused(model, Reasons.Empty);
        if (model.Length > MaxNameLength) return Refused(model, Reasons.TooLong(MaxNameLength, "characters"));
        return ProviderOf(model, _providers) switch
        {
            null => Refused(model, Reasons.UnknownModel(model)),
            ModelProviderKind.Offline => Served(model, Offline),
            _ => Served(model, model),
        };
    }

    private ModelRoute Served(string model, string servedBy) => new()
    {
        Model = model,
        ServedBy = servedBy,
        ContextTokens = _overrides.GetValueOrDefault(model)?.ContextTokens
            ?? (servedBy == Offline ? OfflineContextTokens : _options.ContextTokens),
    };

    private ModelRoute Refused(string model, LocalizedText reason) => new()
    {
        Model = model,
        ServedBy = model,
        ContextTokens = _options.ContextTokens,
        Problem = Problem.Invalid("model", reason),
    };
}
