namespace OpenClaw.Storage;

/// <summary>Where the data lives. Bound from <c>OpenClaw</c> and <c>OpenClaw:Database</c>.</summary>
public sealed class StorageOptions
{
    /// <summary><c>sqlite</c> (embedded, one process) or <c>postgres</c> (a cluster).</summary>
    public string Provider { get; set; } = "sqlite";

    /// <summary>Needed for <c>postgres</c>; for <c>sqlite</c> the files lie in <see cref="DataDirectory"/>.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>Holds <c>openclaw.db</c> (ours alone) and <c>orleans.db</c> (Orleans' alone).</summary>
    public string DataDirectory { get; set; } = "./data";
}
