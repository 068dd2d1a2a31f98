namespace OpenClaw.Contract.Tests.Models;

/// <summary>The server gives up on its model soon.</summary>
public sealed class ImpatientModelFixture : ModelFixture
{
    protected override IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["OpenClaw__Models__FirstTokenTimeout"] = "00:00:01",
        ["OpenClaw__Models__IdleTimeout"] = "00:00:01",
        ["OpenClaw__Models__Retries"] = "1",
        ["OpenClaw__Models__RetryDelay"] = "00:00:00.010",
        // Failures are these tests' daily bread; the circuit is not what they are about.
        ["OpenClaw__Models__CircuitBreaker__Failures"] = "10000",
    };
}
