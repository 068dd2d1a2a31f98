using Npgsql;
using OpenClaw.Storage.Migrations;

namespace OpenClaw.Storage.Postgres;

/// <summary>A database under migration.</summary>
internal sealed class PostgresMigrationTarget : IMigrationTarget
{
    /// <summary>Any number that nothing else in the database locks.</summary>
    private const long AdvisoryLock = 0x4f70656e436c6177;

    private readonly NpgsqlConnection _connection;

    private PostgresMigrationTarget(NpgsqlConnection connection)
    {
        _connection = connection;
        Location = $"{connection.Host}:{connection.Port}/{connection.Database}";
    }

    public string Location { get; }

    /// <exception cref="StorageUnavailableException">The server cannot be reached, or refuses the user.</exception>
    public static async Task<PostgresMigrationTarget> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(connectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return new PostgresMigrationTarget(connection);
        }
        catch (NpgsqlException exception)
        {
            await connection.DisposeAsync();
            throw new StorageUnavailableException(
                $"PostgreSQL at {connection.Host}:{connection.Port} cannot be used: {exception.Message} Check OpenClaw:Database:ConnectionString.",
                exception);
        }
    }

    public async ValueTask<int> ReadVersionAsync(string component, CancellationToken cancellationToken)
    {
        if (await ScalarAsync("SELECT to_regclass('schema_version') IS NOT NULL", [], cancellationToken) is false)
            return 0;
        return (int)(await ScalarAsync("SELECT COALESCE(max(version), 0) FROM schema_version WHERE component = $1", [component], cancellationToken))!;
    }

    public async ValueTask BeginAsync(CancellationToken cancellationToken)
    {
        await ScalarAsync("BEGIN", [], cancellationToken);
        await ScalarAsync("SELECT pg_advisory_xact_lock($1)", [AdvisoryLock], cancellationToken);
        await ScalarAsync(MigrationRunner.VersionTable, [], cancellationToken);
    }

    public async ValueTask ApplyAsync(string component, Migration migration, CancellationToken cancellationToken)
    {
        await ScalarAsync(migration.Sql, [], cancellationToken);
        await ScalarAsync(
            "INSERT INTO schema_version (component, version, name) VALUES ($1, $2, $3)",
            [component, migration.Version, migration.Name],
            cancellationToken);
    }

    public async ValueTask CommitAsync(CancellationToken cancellationToken) => await ScalarAsync("COMMIT", [], cancellationToken);

    /// <summary>Closes the connection; a transaction that was not committed is rolled back.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task<object?> ScalarAsync(string sql, object[] parameters, CancellationToken cancellationToken)
    {
        try
        {
            await using var command = new NpgsqlCommand(sql, _connection);
            foreach (var value in parameters)
                command.Parameters.AddWithValue(value);
            return await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (NpgsqlException exception)
        {
            throw new StorageUnavailableException($"The database at {Location} could not be prepared: {exception.Message}", exception);
        }
    }
}
