using Microsoft.Extensions.Options;
using OpenClaw.Grains.Models.Calls;
using OpenClaw.Grains.Models.Offline;
using OpenClaw.Grains.Models.Providers.OpenAI;
using OpenClaw.Grains.Scheduling;

namespace OpenClaw.Grains.Models.Providers;

/// <summary>The configured providers, each with a connection pool and slots of its own.</summary>
internal sealed class ModelProviders : IDisposable
{
    private readonly ModelOptions _options;
    private readonly TimeProvider _time;
    private readonly FairQueues _queues;
    private readonly List<HttpClient> _pools = [];
    private readonly OpenAIProvider? _openAI;
    private readonly AnthropicProvider? _anthropic;
    private readonly OfflineProvider _offline;

    public ModelProviders(IOptions<ModelOptions> options, IOptions<ModelProviderOptions> providers, FairQueues queues, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        _queues = queues;
        if (providers.Value.HasOpenAI) _openAI = new OpenAIProvider(providers.Value, NewPool(), NewCircuits(), NewSlots("openai"));
        if (providers.Value.HasAnthropic) _anthropic = new AnthropicProvider(providers.Value, _options, NewPool(), NewCircuits(), NewSlots("anthropic"));
        _offline = new OfflineProvider(new OfflineChatClient(_options.Offline, time), NewCircuits(), NewSlots(ModelRouter.Offline));
    }

    public ModelProvider this[ModelProviderKind kind] => kind switch
    {
        ModelProviderKind.OpenAI => _openAI!,
        ModelProviderKind.Anthropic => _anthropic!,
        _ => _offline,
    };

    public void Dispose()
    {
        foreach (var pool in _pools) pool.Dispose();
    }

    private ProviderCircuits NewCircuits() => new(_options.CircuitBreaker, _time);

    private FairQueue NewSlots(string provider) => _queues.Create(provider, _options.ConcurrentCalls);

    private HttpClient NewPool()
    {
        var pool = ProviderHttp.CreatePool(_options.ConnectTimeout, _time);
        _pools.Add(pool);
        return pool;
    }
}
