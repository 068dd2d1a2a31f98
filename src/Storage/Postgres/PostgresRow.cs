using System.Text;
using Npgsql;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Postgres;

/// <summary>The row a reader stands on.</summary>
internal sealed class PostgresRow(NpgsqlDataReader reader) : ISqlRow
{
    public bool IsNull(int column) => reader.IsDBNull(column);

    public long GetInt64(int column) => reader.GetInt64(column);

    public string GetText(int column) => reader.GetString(column);

    public string GetProse(int column) => Encoding.UTF8.GetString(GetBytes(column));

    public byte[] GetBytes(int column) => reader.GetFieldValue<byte[]>(column);
}
