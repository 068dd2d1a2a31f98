using Anthropic;
using Microsoft.Extensions.AI;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Models.Calls;
using OpenClaw.Grains.Scheduling;

namespace OpenClaw.Grains.Models.Providers;

/// <summary>Anthropic's Messages API.</summary>
internal sealed class AnthropicProvider : ModelProvider
{
    private const string DefaultAddress = "https://api.anthropic.com";

    private readonly IChatClient _client;

    public AnthropicProvider(
        ModelProviderOptions providers, ModelOptions options, HttpClient http, ProviderCircuits circuits, FairQueue slots)
        : base(circuits, slots)
    {
        var client = new AnthropicClient
        {
            ApiKey = providers.AnthropicApiKey,
            AuthToken = null,
            BaseUrl = AddressOf(providers.AnthropicBaseUrl),
            HttpClient = http,
            // Retries and time-outs are the gateway's own; the SDK's limit only has to be the longer one.
            MaxRetries = 0,
            Timeout = options.CallTimeout + TimeSpan.FromMinutes(1),
        };
        _client = client.AsIChatClient(defaultModelId: null, options.AnthropicMaxOutputTokens);
    }

    public override string Name => "anthropic";

    public override LocalizedText Title { get; } = new("Anthropic", "Anthropic");

    public override string KeySetting => ModelProviderOptions.AnthropicApiKeySetting;

    public override string AddressSetting => ModelProviderOptions.AnthropicBaseUrlSetting;

    public override IChatClient ClientFor(string model) => _client;

    public override ChatOptions OptionsFor(string model, ModelRequest request) => new()
    {
        ModelId = model,
        MaxOutputTokens = request.MaxOutputTokens,
        Tools = request.Tools.Count == 0 ? null : ToolDeclaration.ListOf(request.Tools),
    };

    public override AnswerReader ReadAnswer() => new AnthropicAnswerReader();

    /// <summary>The SDK adds <c>/v1</c> itself.</summary>
    private static string AddressOf(string? configured)
    {
        var address = (configured ?? DefaultAddress).TrimEnd('/');
        return address.EndsWith("/v1", StringComparison.Ordinal) ? address[..^3] : address;
    }
}
