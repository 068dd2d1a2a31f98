namespace OpenClaw.Testing.Servers;

/// <summary>How a <see cref="ServerProcess"/> is started. A restart uses the same settings again.</summary>
public sealed record ServerSettings
{
    /// <summary>Null makes a fresh temporary folder, deleted when the process is disposed.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>The database behind the server, a new and empty one; a restart finds it again.</summary>
    public DatabaseKind Database { get; init; }

    /// <summary>Where a PostgreSQL database is made; null means the server that the test process shares.</summary>
    public PostgresServer? Postgres { get; init; }

    /// <summary>
    /// A PostgreSQL database that exists, of another server: the two are one cluster. Null makes a new one.
    /// </summary>
    public string? ConnectionString { get; init; }

    /// <summary>The admin key of the tenant <c>default</c>; null leaves it to the server to make one.</summary>
    public string? BootstrapApiKey { get; init; } = "bootstrap-" + Guid.NewGuid().ToString("N");

    /// <summary>Milliseconds between two chunks of the built-in model; the length of a turn is a multiple of it.</summary>
    public int OfflineChunkDelayMilliseconds { get; init; } = 1;

    /// <summary>Further environment variables; they win over what the other settings imply.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>How long the server may take until <c>/readyz</c> answers 200.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
