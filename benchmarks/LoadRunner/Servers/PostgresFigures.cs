using System.Globalization;
using Npgsql;

namespace OpenClaw.Benchmarks.LoadRunner.Servers;

/// <summary>What the run's PostgreSQL server spends, on whichever of its databases.</summary>
internal sealed class PostgresFigures : IDisposable
{
    /// <summary>Processor time of all its processes, in milliseconds.</summary>
    public const string Cpu = "PostgreSQL CPU";

    /// <summary>Bytes written to its write-ahead log.</summary>
    public const string Log = "PostgreSQL log";

    private readonly NpgsqlConnection _connection;
    private readonly int _server;

    /// <param name="connectionString">Any of its databases.</param>
    public PostgresFigures(string connectionString)
    {
        _connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false }.ToString());
        _connection.Open();
        _server = ProcessFigures.ParentOf((int)Number("SELECT pg_backend_pid()"));
    }

    /// <summary>Meters for a load.</summary>
    public Dictionary<string, Func<double>> Meters() => new()
    {
        [Cpu] = () => ProcessFigures.FamilyCpuMs(_server),
        [Log] = () => Number("SELECT pg_current_wal_insert_lsn() - '0/0'"),
    };

    /// <summary>Bytes of a table of the database, its indexes and what lies beside it included.</summary>
    public double TableBytes(string table) => Number($"SELECT pg_total_relation_size('{table}')");

    public void Dispose() => _connection.Dispose();

    private double Number(string sql)
    {
        using var command = new NpgsqlCommand(sql, _connection);
        return Convert.ToDouble(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
