namespace OpenClaw.Storage.Sql;

internal static class SqlDatabaseExtensions
{
    public static async ValueTask<IReadOnlyList<T>> ListAsync<T>(
        this ISqlDatabase database,
        string statement,
        SqlValue[] parameters,
        Func<ISqlRow, T> map,
        CancellationToken cancellationToken)
    {
        var rows = new List<T>();
        await database.ReadAsync(
            statement,
            parameters,
            (rows, map),
            static (row, state) =>
            {
                state.rows.Add(state.map(row));
                return true;
            },
            cancellationToken);
        return rows;
    }

    public static async ValueTask<T?> FindAsync<T>(
        this ISqlDatabase database,
        string statement,
        SqlValue[] parameters,
        Func<ISqlRow, T> map,
        CancellationToken cancellationToken)
        where T : class
    {
        var rows = await database.ListAsync(statement, parameters, map, cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    public static Task<int> WriteAsync(
        this ISqlDatabase database,
        string statement,
        string lane,
        SqlValue[] parameters,
        CancellationToken cancellationToken) => database.WriteAsync(statement, lane, [parameters], cancellationToken);
}
