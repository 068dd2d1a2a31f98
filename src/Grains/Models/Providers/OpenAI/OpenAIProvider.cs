using System.Collections.Concurrent;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Models.Calls;
using OpenClaw.Grains.Scheduling;

namespace OpenClaw.Grains.Models.Providers.OpenAI;

/// <summary>OpenAI and every server that speaks its chat completions: Azure, Ollama, vLLM and others.</summary>
internal sealed class OpenAIProvider : ModelProvider
{
    /// <summary>Clients kept; models beyond it get a client for each call, which is cheap.</summary>
    private const int MaxClients = 64;

    private readonly OpenAIClient _client;
    private readonly ConcurrentDictionary<string, IChatClient> _clients = new(StringComparer.Ordinal);

    public OpenAIProvider(ModelProviderOptions options, HttpClient http, ProviderCircuits circuits, FairQueue slots)
        : base(circuits, slots)
    {
        _client = OpenAIClients.Create(options.OpenAIBaseUrl, options.OpenAIApiKey, http);
    }

    public override string Name => "openai";

    public override LocalizedText Title { get; } = new("the OpenAI-compatible server", "OpenAI 兼容服务器");

    public override string KeySetting => ModelProviderOptions.OpenAIApiKeySetting;

    public override string AddressSetting => ModelProviderOptions.OpenAIBaseUrlSetting;

    public override IChatClient ClientFor(string model)
    {
        if (_clients.TryGetValue(model, out var known)) return known;
        var client = new OpenAIStreamingClient(_client.GetChatClient(model), model);
        return _clients.Count < MaxClients ? _clients.GetOrAdd(model, client) : client;
    }

    public override ChatOptions? OptionsFor(string model, ModelRequest request) => request is { Tools.Count: 0, MaxOutputTokens: null }
        ? null
        : new ChatOptions
        {
            MaxOutputTokens = request.MaxOutputTokens,
            Tools = request.Tools.Count == 0 ? null : ToolDeclaration.ListOf(request.Tools),
        };

    public override AnswerReader ReadAnswer() => new OpenAIAnswerReader();
}
