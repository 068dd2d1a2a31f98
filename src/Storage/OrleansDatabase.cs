using Microsoft.Data.Sqlite;

namespace OpenClaw.Storage;

/// <summary>What Orleans' ADO.NET providers (persistence, reminders, clustering) are to be given.</summary>
/// <param name="Invariant">The provider's name as Orleans knows it.</param>
/// <param name="ConnectionString">The database that <see cref="DatabaseMigrator"/> prepares.</param>
public sealed record OrleansDatabase(string Invariant, string ConnectionString)
{
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">A setting is missing or not known.</exception>
    public static OrleansDatabase For(StorageOptions options) => options.IsPostgres()
        ? new OrleansDatabase("Npgsql", options.ConnectionString!)

        // Orleans reaches Microsoft.Data.Sqlite by this name.
        : new OrleansDatabase(
            "System.Data.SQLite",
            new SqliteConnectionStringBuilder { DataSource = options.OrleansDatabasePath, Mode = SqliteOpenMode.ReadWrite }.ToString());
}
