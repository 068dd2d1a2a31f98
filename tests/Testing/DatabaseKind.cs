namespace OpenClaw.Testing;

/// <summary>The databases that the product runs on, and its tests with it.</summary>
public enum DatabaseKind
{
    /// <summary>Embedded: files in a data directory.</summary>
    Sqlite,

    /// <summary>A <see cref="PostgresServer"/>.</summary>
    Postgres,
}
