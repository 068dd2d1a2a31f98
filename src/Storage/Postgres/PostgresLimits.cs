namespace OpenClaw.Storage.Postgres;

/// <summary>How the server is used.</summary>
internal sealed record PostgresLimits
{
    /// <summary>Batches that are under way at once. Writes of one lane never are.</summary>
    public int Writers { get; init; } = 3;

    /// <summary>How long a statement waits for a lock.</summary>
    public TimeSpan LockTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Statements that a connection keeps prepared.</summary>
    public int PreparedStatements { get; init; } = 60;
}
