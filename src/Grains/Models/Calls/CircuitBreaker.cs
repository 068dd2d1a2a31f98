namespace OpenClaw.Grains.Models.Calls;

/// <summary>
/// Keeps attempts away from a server or a model that fails again and again. Closed, it counts failures in a row; open, it refuses
/// for a time; half open, it lets a single attempt through, whose outcome closes it or opens it again.
/// </summary>
internal sealed class CircuitBreaker(CircuitBreakerOptions options, TimeProvider time)
{
    private readonly Lock _lock = new();
    private int _failures;
    private long? _openedAt;
    private bool _probing;

    /// <summary>Asks to make an attempt; each granted one ends in exactly one of the three reports.</summary>
    /// <param name="retryAfter">How long a refused caller had better wait.</param>
    public bool TryEnter(out TimeSpan retryAfter)
    {
        lock (_lock)
        {
            retryAfter = TimeSpan.Zero;
            if (_openedAt is not { } openedAt) return true;
            var left = options.OpenFor - time.GetElapsedTime(openedAt);
            if (left <= TimeSpan.Zero && !_probing)
            {
                _probing = true;
                return true;
            }

            retryAfter = left > TimeSpan.Zero ? left : TimeSpan.FromSeconds(1);
            return false;
        }
    }

    /// <summary>What was asked lives, whether or not it liked the request.</summary>
    public void ReportAlive()
    {
        lock (_lock)
        {
            _failures = 0;
            _openedAt = null;
            _probing = false;
        }
    }

    /// <summary>The attempt failed. True when this opened the circuit.</summary>
    public bool ReportFailure()
    {
        lock (_lock)
        {
            _failures++;
            if (!_probing && (_openedAt is not null || _failures < options.Failures)) return false;
            _probing = false;
            _openedAt = time.GetTimestamp();
            return true;
        }
    }

    /// <summary>The attempt was given up by its caller and says nothing about what was asked.</summary>
    public void ReportAbandoned()
    {
        lock (_lock) _probing = false;
    }
}
