using System.Collections.Concurrent;

namespace OpenClaw.Grains.Models.Calls;

/// <summary>
/// The circuits of one provider: one for its server, which opens for all models when there is no connection, and one for
/// each model that fails, which opens for that model alone. A server that answers, with an error too, is there: other
/// models of it, and the tenants who use them, are not to suffer from one that fails.
/// </summary>
internal sealed class ProviderCircuits(CircuitBreakerOptions options, TimeProvider time)
{
    /// <summary>
    /// Models whose failures are remembered. Names come from users: beyond it the one that failed longest ago is forgotten.
    /// </summary>
    internal const int MaxModels = 256;

    private readonly CircuitBreaker _server = new(options, time);

    /// <summary>Holds models from their first failure to their next success.</summary>
    private readonly ConcurrentDictionary<string, FailingModel> _models = new(StringComparer.Ordinal);

    /// <summary>How many models are remembered as failing.</summary>
    public int FailingModels => _models.Count;

    /// <summary>Asks to make an attempt; each granted one ends in exactly one of the reports.</summary>
    /// <param name="model">The model to be asked.</param>
    /// <param name="retryAfter">How long a refused caller had better wait.</param>
    public bool TryEnter(string model, out TimeSpan retryAfter)
    {
        if (!_server.TryEnter(out retryAfter)) return false;
        if (!_models.TryGetValue(model, out var failing) || failing.Circuit.TryEnter(out retryAfter)) return true;
        _server.ReportAbandoned();
        return false;
    }

    /// <summary>The model lives, whether or not it liked the request.</summary>
    public void ReportAlive(string model)
    {
        _server.ReportAlive();
        if (!_models.IsEmpty) _models.TryRemove(model, out _);
    }

    /// <summary>There is no connection to the server. True when this opened its circuit.</summary>
    public bool ReportUnreachable(string model)
    {
        if (_models.TryGetValue(model, out var failing)) failing.Circuit.ReportAbandoned();
        return _server.ReportFailure();
    }

    /// <summary>The server is there, and the model failed. True when this opened the model's circuit.</summary>
    public bool ReportFailure(string model)
    {
        _server.ReportAlive();
        var failing = _models.GetOrAdd(model, static (_, circuits) => circuits.NewModel(), this);
        failing.FailedAt = time.GetTimestamp();
        if (_models.Count > MaxModels) ForgetOldest();
        return failing.Circuit.ReportFailure();
    }

    /// <summary>The attempt was given up by its caller and says nothing.</summary>
    public void ReportAbandoned(string model)
    {
        _server.ReportAbandoned();
        if (_models.TryGetValue(model, out var failing)) failing.Circuit.ReportAbandoned();
    }

    private FailingModel NewModel() => new(new CircuitBreaker(options, time));

    private void ForgetOldest() => _models.TryRemove(_models.MinBy(static model => model.Value.FailedAt).Key, out _);

    private sealed class FailingModel(CircuitBreaker circuit)
    {
        private long _failedAt;

        public CircuitBreaker Circuit { get; } = circuit;

        public long FailedAt
        {
            get => Volatile.Read(ref _failedAt);
            set => Volatile.Write(ref _failedAt, value);
        }
    }
}
