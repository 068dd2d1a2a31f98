namespace OpenClaw.Benchmarks.LoadRunner.Servers;

/// <summary>A running server that is driven.</summary>
/// <param name="Name">As in the tables.</param>
/// <param name="Port">On 127.0.0.1.</param>
/// <param name="Key">The API key, or null for a server without authentication.</param>
/// <param name="ProcessId">For its CPU and memory; 0 when it is not known.</param>
internal sealed record Target(string Name, int Port, string? Key, int ProcessId);
