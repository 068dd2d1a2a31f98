namespace OpenClaw.Storage.Sqlite;

/// <summary>How the embedded database behaves.</summary>
internal sealed record SqliteLimits
{
    /// <summary>How long a write waits for a lock that another process holds.</summary>
    public TimeSpan BusyTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Pages (of 4 KiB) written to the log between two checkpoints. More saves writing a busy page twice.</summary>
    public int CheckpointPages { get; init; } = 4_000;

    /// <summary>
    /// Pages in the log from which the writer stops for a moment, to begin the log anew: under an endless load,
    /// checkpoints in the background never find it at rest, and it would grow for ever.
    /// </summary>
    public int RestartPages { get; init; } = 16_000;

    /// <summary>The database's greatest size in pages, or null for none but the disk's.</summary>
    public int? MaxPages { get; init; }

    /// <summary>Read connections that are kept; more are opened while they are needed.</summary>
    public int Readers { get; init; } = 4;
}
