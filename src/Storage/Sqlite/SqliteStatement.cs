using System.Buffers;
using System.Text;
using OpenClaw.Storage.Sql;
using SQLitePCL;

namespace OpenClaw.Storage.Sqlite;

/// <summary>
/// A prepared statement, used by one thread at a time. Straight on SQLite's own functions: a turn runs half a dozen
/// statements with some sixty parameters, and ADO.NET would look each of them up by name and box it. Parameters count
/// from 1, columns from 0.
/// </summary>
internal sealed class SqliteStatement(SqliteHandle owner, sqlite3_stmt statement) : ISqlRow, IDisposable
{
    private const int StackLimit = 512;

    public void Bind(int parameter, long value) => owner.Check(raw.sqlite3_bind_int64(statement, parameter, value));

    public void BindNull(int parameter) => owner.Check(raw.sqlite3_bind_null(statement, parameter));

    public void Bind(int parameter, ReadOnlySpan<byte> value) => owner.Check(value.IsEmpty
        ? raw.sqlite3_bind_zeroblob(statement, parameter, 0)
        : raw.sqlite3_bind_blob(statement, parameter, value));

    public void Bind(int parameter, byte[]? value)
    {
        if (value is null)
            BindNull(parameter);
        else
            Bind(parameter, value.AsSpan());
    }

    public void Bind(int parameter, Guid value)
    {
        Span<byte> bytes = stackalloc byte[16];
        value.TryWriteBytes(bytes);
        Bind(parameter, bytes);
    }

    public void Bind(int parameter, string? value)
    {
        if (value is null)
        {
            BindNull(parameter);
        }
        else if (value.Length == 0)
        {
            owner.Check(raw.sqlite3_bind_text(statement, parameter, ""));
        }
        else
        {
            var limit = Encoding.UTF8.GetMaxByteCount(value.Length);
            var rented = limit > StackLimit ? ArrayPool<byte>.Shared.Rent(limit) : null;
            var bytes = rented is null ? stackalloc byte[StackLimit] : rented;
            var length = Encoding.UTF8.GetBytes(value, bytes);
            owner.Check(raw.sqlite3_bind_text(statement, parameter, bytes[..length]));
            if (rented is not null)
                ArrayPool<byte>.Shared.Return(rented);
        }
    }

    public void Bind(SqlValue[] values)
    {
        for (var index = 0; index < values.Length; index++)
        {
            ref readonly var value = ref values[index];
            if (value.IsNull)
                BindNull(index + 1);
            else if (value.Kind == SqlKind.Integer)
                Bind(index + 1, value.Int64);
            else if (value.Kind == SqlKind.Bytes)
                Bind(index + 1, value.Bytes.AsSpan());
            else
                Bind(index + 1, value.String);
        }
    }

    /// <summary>Goes to the next row; false when there is none.</summary>
    public bool Step()
    {
        var code = raw.sqlite3_step(statement);
        if (code == raw.SQLITE_ROW)
            return true;
        if (code == raw.SQLITE_DONE)
            return false;
        var failure = owner.Failure(code);
        Reset();
        throw failure;
    }

    /// <summary>Runs a statement that answers no rows, and counts the rows that it changed.</summary>
    public int Run()
    {
        Step();
        Reset();
        return owner.Changes;
    }

    /// <summary>Ends a reading, so that the statement can be run again. What <see cref="Step"/> reported is not reported again.</summary>
    public void Reset() => _ = raw.sqlite3_reset(statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(statement, column) == raw.SQLITE_NULL;

    public long GetInt64(int column) => raw.sqlite3_column_int64(statement, column);

    public string GetText(int column) => Encoding.UTF8.GetString(raw.sqlite3_column_blob(statement, column));

    public string GetProse(int column) => GetText(column);

    public byte[] GetBytes(int column) => raw.sqlite3_column_blob(statement, column).ToArray();

    public void Dispose() => statement.Dispose();
}
