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

    /// <summary>Runs one statement. The rows that it changed.</summary>
    public static async Task<int> WriteAsync(
        this ISqlDatabase database,
        string statement,
        string lane,
        SqlValue[] parameters,
        CancellationToken cancellationToken) => (await database.WriteAsync(lane, [new SqlStep(statement, parameters)], cancellationToken))[0];

    /// <summary>Runs a statement once for each set of parameters, of which there is at least one. The rows changed by all of them.</summary>
    public static async Task<int> WriteAsync(
        this ISqlDatabase database,
        string statement,
        string lane,
        SqlValue[][] parameters,
        CancellationToken cancellationToken) =>
        (await database.WriteAsync(lane, [.. parameters.Select(set => new SqlStep(statement, set))], cancellationToken)).Sum();
}
