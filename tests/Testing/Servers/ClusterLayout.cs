namespace OpenClaw.Testing.Servers;

/// <summary>What a <see cref="ClusterProcesses"/> consists of.</summary>
public sealed record ClusterLayout
{
    public int Silos { get; init; } = 3;

    public int Frontends { get; init; } = 2;

    /// <summary>The project that the silos run: the product's, or one of a test's own that adds to it.</summary>
    public string SiloProgram { get; init; } = "OpenClaw.Silo";

    /// <summary>Where the cluster's database is made; null means the server that the test process shares.</summary>
    public PostgresServer? Postgres { get; init; }

    /// <summary>Milliseconds between two chunks of the built-in model.</summary>
    public int OfflineChunkDelayMilliseconds { get; init; } = 1;

    /// <summary>Further environment variables of every process; they win over what the other settings imply.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>How long a process may take until <c>/readyz</c> answers 200.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(120);
}
