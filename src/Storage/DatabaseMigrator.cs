using OpenClaw.Storage.Migrations;
using OpenClaw.Storage.Postgres;
using OpenClaw.Storage.Sqlite;

namespace OpenClaw.Storage;

/// <summary>
/// Brings the databases to this version: ours, and the tables of Orleans' providers. To be run before anything else uses
/// them; several processes may do so at once. When nothing is to be done it reads a version and is over.
/// </summary>
public static class DatabaseMigrator
{
    /// <exception cref="DatabaseVersionException">A newer version has been here.</exception>
    /// <exception cref="StorageUnavailableException">The database or its directory cannot be reached or written.</exception>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is missing or not known.</exception>
    public static async Task MigrateAsync(StorageOptions options, CancellationToken cancellationToken)
    {
        if (options.IsPostgres())
        {
            await using var target = await PostgresMigrationTarget.OpenAsync(options.ConnectionString!, cancellationToken);
            await MigrationRunner.RunAsync(target, "openclaw", "Postgres.Migrations.OpenClaw", cancellationToken);
            await MigrationRunner.RunAsync(target, "orleans", "Postgres.Migrations.Orleans", cancellationToken);
        }
        else
        {
            await using (var target = SqliteMigrationTarget.Open(options.SessionDatabasePath))
                await MigrationRunner.RunAsync(target, "openclaw", "Sqlite.Migrations.OpenClaw", cancellationToken);
            await using (var target = SqliteMigrationTarget.Open(options.OrleansDatabasePath))
                await MigrationRunner.RunAsync(target, "orleans", "Sqlite.Migrations.Orleans", cancellationToken);
        }
    }
}
