using System.Text;
using Npgsql;
using NpgsqlTypes;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Postgres;

/// <summary>Parameters as the server takes them: typed, even when null.</summary>
internal static class PostgresParameters
{
    public static void Add(NpgsqlParameterCollection parameters, SqlValue[] values)
    {
        foreach (ref readonly var value in values.AsSpan())
            parameters.Add(Of(value));
    }

    public static NpgsqlParameter Of<T>(T[] values, NpgsqlDbType elementType) =>
        new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | elementType };

    /// <summary>Names and keys hold no U+0000, which the server refuses; one that does finds nothing.</summary>
    public static string WithoutNul(string text) => text.Contains('\0', StringComparison.Ordinal) ? text.Replace('\0', '\ufffd') : text;

    private static NpgsqlParameter Of(in SqlValue value) => value.Kind switch
    {
        SqlKind.Integer => value.IsNull ? Null(NpgsqlDbType.Bigint)
            : new NpgsqlParameter<long> { TypedValue = value.Int64, NpgsqlDbType = NpgsqlDbType.Bigint },
        SqlKind.Text => value.IsNull ? Null(NpgsqlDbType.Text)
            : new NpgsqlParameter<string> { TypedValue = WithoutNul(value.String), NpgsqlDbType = NpgsqlDbType.Text },
        SqlKind.Prose => value.IsNull ? Null(NpgsqlDbType.Bytea)
            : new NpgsqlParameter<byte[]> { TypedValue = Encoding.UTF8.GetBytes(value.String), NpgsqlDbType = NpgsqlDbType.Bytea },
        _ => value.IsNull ? Null(NpgsqlDbType.Bytea)
            : new NpgsqlParameter<byte[]> { TypedValue = value.Bytes, NpgsqlDbType = NpgsqlDbType.Bytea },
    };

    private static NpgsqlParameter Null(NpgsqlDbType type) => new() { Value = DBNull.Value, NpgsqlDbType = type };
}
