using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;
using OpenClaw.Grains.Abstractions;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Models.Calls;
using OpenClaw.Grains.Models.Providers;
using OpenClaw.Grains.Models.Providers.OpenAI;

namespace OpenClaw.Grains.Memory.Embeddings;

/// <summary>Turns texts into vectors by the configured model. Searches leave a server alone for a while that keeps failing.</summary>
internal sealed class Embedder : IDisposable
{
    /// <summary>Of a text, in UTF-16 units: what most models take in one go. The rest of a long value is found by its words alone.</summary>
    private const int MaxText = 8000;

    private static readonly TimeSpan BatchTimeout = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan DefaultPause = TimeSpan.FromSeconds(10);

    private readonly EmbeddingOptions _options;
    private readonly TimeProvider _time;
    private readonly CircuitBreaker _circuit;
    private readonly HttpClient? _http;
    private readonly IEmbeddingGenerator<string, Embedding<float>>? _generator;

    public Embedder(IOptions<EmbeddingOptions> options, IOptions<ModelOptions> models, TimeProvider time)
    {
        _options = options.Value;
        _time = time;
        _circuit = new CircuitBreaker(new CircuitBreakerOptions { Failures = 3 }, time);
        if (!_options.IsOn) return;
        _http = ProviderHttp.CreatePool(models.Value.ConnectTimeout, time);
        _generator = OpenAIClients.Create(_options.BaseUrl, _options.ApiKey, _http).GetEmbeddingClient(_options.Model).AsIEmbeddingGenerator();
    }

    /// <summary>The model's name; null when memories are found by their text alone.</summary>
    public string? Model => _options.IsOn ? _options.Model : null;

    /// <summary>A query's vector, or null when the server did not give it in time.</summary>
    public async Task<float[]?> EmbedQueryAsync(string query, CancellationToken cancellationToken)
    {
        if (!_circuit.TryEnter(out _)) return null;
        try
        {
            var vector = (await AskAsync([query], _options.Timeout, cancellationToken))[0];
            _circuit.ReportAlive();
            return vector;
        }
        catch (EmbeddingException failure)
        {
            // A server that asks for a pause is there.
            if (failure.RetryAfter > TimeSpan.Zero) _circuit.ReportAlive();
            else _circuit.ReportFailure();
            return null;
        }
        catch (OperationCanceledException)
        {
            _circuit.ReportAbandoned();
            throw;
        }
    }

    /// <summary>The vectors of texts, in their order.</summary>
    /// <exception cref="EmbeddingException">The server failed.</exception>
    public Task<IReadOnlyList<float[]>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        AskAsync(texts, BatchTimeout, cancellationToken);

    public void Dispose()
    {
        _generator?.Dispose();
        _http?.Dispose();
    }

    private async Task<IReadOnlyList<float[]>> AskAsync(IReadOnlyList<string> texts, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var answered = await _generator!.GenerateAsync(texts.Select(text => WholeCharacters.Of(text, MaxText)), cancellationToken: either.Token);
            var vectors = answered.Select(embedding => embedding.Vector.ToArray()).ToList();
            return vectors.Count == texts.Count && vectors.All(vector => VectorCode.IsUsable(vector))
                ? vectors
                : throw new EmbeddingException($"it answered {vectors.Count} vectors for {texts.Count} texts, or vectors that are none");
        }
        catch (Exception failure) when (failure is not EmbeddingException && !cancellationToken.IsCancellationRequested)
        {
            throw new EmbeddingException(failure.Message, RetryAfter(failure), failure);
        }
    }

    /// <summary>What the server asks for; zero when it asks for nothing.</summary>
    private static TimeSpan RetryAfter(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            if (cause is ProviderResponseException { RetryAfter: { } after }) return after;
            if (cause is ProviderResponseException { Status: 429 }) return DefaultPause;
        }

        return TimeSpan.Zero;
    }
}

/// <summary>The embedding server gave no vectors.</summary>
internal sealed class EmbeddingException(string reason, TimeSpan retryAfter = default, Exception? inner = null)
    : Exception($"The embedding server failed: {reason}.", inner)
{
    /// <summary>How long to wait at least before the next try, when the server said so; else zero.</summary>
    public TimeSpan RetryAfter => retryAfter;
}
