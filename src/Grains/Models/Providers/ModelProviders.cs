using Microsoft.Extensions.Options;
using OpenClaw.Grains.Models.Calls;
using OpenClaw.Grains.Models.Offline;
using OpenClaw.Grains.Models.Providers.OpenAI;

namespace OpenClaw.Grains.Models.Providers;

/// <summary>The configured providers, each with a connection pool of its own.</summary>
internal sealed class ModelProviders : IDisposable
{
    private readonly ModelOptions _options;
    private readonly TimeProvider _time;
    private readonly List<HttpClient> _pools = [];
    private readonly OpenAIProvider? _openAI;
    private readonly AnthropicProvider? _anthropic;
    private readonly OfflineProvider _offline;

    public ModelProviders(IOptions<ModelOptions> options, IOptions<ModelProviderOptions> providers, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        if (providers.Value.HasOpenAI) _openAI = new OpenAIProvider(providers.Value, NewPool(), NewCircuits());
        if (providers.Value.HasAnthropic) _anthropic = new AnthropicProvider(providers.Value, _options, NewPool(), NewCircuits());
        _offline = new OfflineProvider(new OfflineChatClient(_options.Offline, time), NewCircuits());
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

    private HttpClient NewPool()
    {
        var pool = new HttpClient(new ProviderResponseHandler(_time)
        {
            InnerHandler = new SocketsHttpHandler
            {
                ConnectTimeout = _options.ConnectTimeout,
                // A redirect of a POST with a key in it is a wrong address, to be reported as such.
                AllowAutoRedirect = false,
                UseCookies = false,
                // So that a change of the provider's addresses is noticed.
                PooledConnectionLifetime = TimeSpan.FromMinutes(10),
            },
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _pools.Add(pool);
        return pool;
    }
}
