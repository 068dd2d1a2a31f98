using Microsoft.Extensions.Options;

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

    /// <summary>The database belongs to this process alone.</summary>
    /// <exception cref="OptionsValidationException">A setting is missing or not known.</exception>
    public bool IsEmbedded => !IsPostgres();

    internal string SessionDatabasePath => Path.Combine(Path.GetFullPath(DataDirectory), "openclaw.db");

    internal string OrleansDatabasePath => Path.Combine(Path.GetFullPath(DataDirectory), "orleans.db");

    /// <summary>True for PostgreSQL, false for SQLite.</summary>
    /// <exception cref="OptionsValidationException">A setting is missing or not known.</exception>
    internal bool IsPostgres() => Provider.ToLowerInvariant() switch
    {
        "sqlite" => !string.IsNullOrWhiteSpace(DataDirectory) ? false : throw Invalid(
            "OpenClaw:DataDirectory is empty: name the directory of the database files."),
        "postgres" => !string.IsNullOrWhiteSpace(ConnectionString) ? true : throw Invalid(
            "OpenClaw:Database:ConnectionString is missing: the provider 'postgres' needs one."),
        _ => throw Invalid($"OpenClaw:Database:Provider is '{Provider}': it must be 'sqlite' or 'postgres'."),
    };

    private static OptionsValidationException Invalid(string failure) => new(nameof(StorageOptions), typeof(StorageOptions), [failure]);
}
