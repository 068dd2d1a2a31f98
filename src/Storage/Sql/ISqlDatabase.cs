using OpenClaw.Storage.Sessions;

namespace OpenClaw.Storage.Sql;

/// <summary>What the stores need of a database: readings, and writes that share commits.</summary>
/// <remarks>All methods throw <see cref="StorageUnavailableException"/> as <see cref="ISessionLog"/> describes.</remarks>
internal interface ISqlDatabase
{
    /// <summary>Hands each row to <paramref name="take"/>, with <paramref name="state"/>, until it returns false.</summary>
    ValueTask ReadAsync<TState>(
        string statement,
        SqlValue[] parameters,
        TState state,
        Func<ISqlRow, TState, bool> take,
        CancellationToken cancellationToken);

    /// <summary>Runs a statement once for each set of parameters, in one transaction. The rows changed by all of them.</summary>
    /// <param name="statement">One of <see cref="Statements"/>.</param>
    /// <param name="lane">Writes of one lane (a session's key, a tenant) happen in the order in which they were asked for.</param>
    /// <param name="parameters">Sets of parameters, at least one.</param>
    /// <param name="cancellationToken">Heeded until the write begins.</param>
    Task<int> WriteAsync(string statement, string lane, SqlValue[][] parameters, CancellationToken cancellationToken);

    /// <summary>
    /// What <see cref="Statements.MatchMemories"/> takes for entries that hold all of the terms. A term holds no space, quotation
    /// mark or backslash.
    /// </summary>
    /// <param name="terms">At least one.</param>
    /// <param name="isPrefix">Whether what begins with the first term counts for it.</param>
    string MatchAll(IReadOnlyList<string> terms, bool isPrefix);

    Task<AppendOutcome> AppendAsync(SessionAppend append, CancellationToken cancellationToken);
}
