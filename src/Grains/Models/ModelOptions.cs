namespace OpenClaw.Grains.Models;

/// <summary>How models are called. Section <c>OpenClaw:Models</c>; checked at start.</summary>
public sealed class ModelOptions
{
    public const string Section = "OpenClaw:Models";

    /// <summary>True: answers are asked for as streams. False: an answer arrives in one piece, for servers that cannot stream.</summary>
    public bool Streaming { get; set; } = true;

    /// <summary>From a request to the first word or tool call of its streamed answer, 1 ms to 1 h; after it the attempt has failed.</summary>
    public TimeSpan FirstTokenTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Silence inside a streamed answer, 1 ms to 1 h; after it the attempt has failed. Keep-alive comments count as silence.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>One step with all its attempts and fallbacks, 1 ms to 24 h. The only limit on an answer that is not streamed.</summary>
    public TimeSpan CallTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Attempts after the first one, 0 to 20, for each model that is tried.</summary>
    public int Retries { get; set; } = 3;

    /// <summary>Wait before the first retry, 0 to 1 min. Doubles with each one; up to half of it is taken off at random.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest wait before a retry unless the provider asks for more, 0 to 10 min.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>
    /// The longest <c>Retry-After</c> that is waited for, 0 to 10 min. A provider that asks for more is not asked again: the
    /// next fallback is, or the caller is told when to come back.
    /// </summary>
    public TimeSpan MaxRetryAfter { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Time to open a connection to a provider, 1 ms to 5 min.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Requests that a silo has under way at once with each provider, 1 to 1,000,000; further ones wait, shared fairly between
    /// tenants. Each holds a connection: set it to what the provider's rate limits and this machine bear.
    /// </summary>
    public int ConcurrentCalls { get; set; } = 1_024;

    /// <summary>
    /// Tokens of answer that a call reserves, 1 to 1,000,000: of a tenant's monthly budget, where it has one (then the answer
    /// may not be longer either), and the usage that a call counts for when a crash cuts it.
    /// </summary>
    public int ReservedOutputTokens { get; set; } = 8_192;

    /// <summary>Prices for costs and cost budgets. A model without one costs nothing, and its usage shows no cost.</summary>
    public IList<ModelPrice> Prices { get; } = [];

    /// <summary>Tokens that a model takes, prompt and answer together, 1,024 or more, unless <see cref="Overrides"/> says otherwise.</summary>
    public int ContextTokens { get; set; } = 128_000;

    /// <summary>Output limit sent to Anthropic, which requires one, when the request has none; 1 to 1,000,000.</summary>
    public int AnthropicMaxOutputTokens { get; set; } = 8_192;

    /// <summary>Models asked in this order when the one wanted fails or is out of reach. None by default. A refused request is never tried elsewhere.</summary>
    public IList<string> Fallbacks { get; } = [];

    /// <summary>What differs for single models.</summary>
    public IList<ModelOverride> Overrides { get; } = [];

    public CircuitBreakerOptions CircuitBreaker { get; } = new();

    public OfflineModelOptions Offline { get; } = new();
}
