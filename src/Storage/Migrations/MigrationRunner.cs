namespace OpenClaw.Storage.Migrations;

/// <summary>Applies the steps a database lacks, all in one transaction.</summary>
internal static class MigrationRunner
{
    /// <summary>Records the steps; the same words for both databases.</summary>
    public const string VersionTable = """
        CREATE TABLE IF NOT EXISTS schema_version (
          component  TEXT    NOT NULL,
          version    INTEGER NOT NULL,
          name       TEXT    NOT NULL,
          PRIMARY KEY (component, version)
        )
        """;

    /// <exception cref="DatabaseVersionException">A newer version has been here.</exception>
    public static async Task RunAsync(IMigrationTarget target, string component, string folder, CancellationToken cancellationToken)
    {
        var migrations = Migration.Load(folder);
        var latest = migrations[^1].Version;
        if (await ReadVersionAsync(target, component, latest, cancellationToken) == latest)
            return;

        await target.BeginAsync(cancellationToken);
        var version = await ReadVersionAsync(target, component, latest, cancellationToken);
        foreach (var migration in migrations.Where(step => step.Version > version))
            await target.ApplyAsync(component, migration, cancellationToken);
        await target.CommitAsync(cancellationToken);
    }

    private static async ValueTask<int> ReadVersionAsync(
        IMigrationTarget target, string component, int latest, CancellationToken cancellationToken)
    {
        var version = await target.ReadVersionAsync(component, cancellationToken);
        return version <= latest ? version : throw new DatabaseVersionException(
            $"The database at {target.Location} has schema version {version} of '{component}', and this version of OpenClaw knows "
            + $"{latest} at most. Start the newer version of OpenClaw that made it, or restore a backup from before that upgrade.");
    }
}
