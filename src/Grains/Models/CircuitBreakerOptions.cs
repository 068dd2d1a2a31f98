namespace OpenClaw.Grains.Models;

/// <summary>
/// When what keeps failing is left alone for a while: a provider's server that cannot be reached, for all its models; a
/// model that fails, for itself.
/// </summary>
public sealed class CircuitBreakerOptions
{
    /// <summary>
    /// Failed attempts in a row, over all sessions, that open a circuit; 1 to 10,000. Broken connections count against the
    /// server; time-outs, cut streams and 5xx against the model; a refused request or a rate limit shows that both live.
    /// </summary>
    public int Failures { get; set; } = 10;

    /// <summary>For how long an open circuit refuses at once, 1 ms to 1 h; then a single attempt probes.</summary>
    public TimeSpan OpenFor { get; set; } = TimeSpan.FromSeconds(15);
}
