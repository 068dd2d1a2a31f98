namespace OpenClaw.Grains.Models;

/// <summary>When a provider that keeps failing is left alone for a while.</summary>
public sealed class CircuitBreakerOptions
{
    /// <summary>
    /// Failed attempts in a row, over all sessions, that open the circuit; 1 to 10,000. Time-outs, broken connections, cut
    /// streams and 5xx count; a refused request or a rate limit shows that the provider lives.
    /// </summary>
    public int Failures { get; set; } = 10;

    /// <summary>For how long an open circuit refuses at once, 1 ms to 1 h; then a single attempt probes the provider.</summary>
    public TimeSpan OpenFor { get; set; } = TimeSpan.FromSeconds(15);
}
