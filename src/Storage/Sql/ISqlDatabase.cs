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

    /// <summary>Runs statements in one transaction; each sees what those before it have done. The rows changed by each.</summary>
    /// <param name="lane">Writes of one lane (a session's key, a tenant) happen in the order in which they were asked for.</param>
    /// <param name="steps">At least one. May be run again when an answer was lost.</param>
    /// <param name="cancellationToken">Heeded until the write begins.</param>
    Task<int[]> WriteAsync(string lane, IReadOnlyList<SqlStep> steps, CancellationToken cancellationToken);

    /// <summary>
    /// What <see cref="Statements.MatchMemories"/> takes for entries that hold all of the terms. A term holds no space, quotation
    /// mark or backslash.
    /// </summary>
    /// <param name="terms">At least one.</param>
    /// <param name="isPrefix">Whether what begins with the first term counts for it.</param>
    string MatchAll(IReadOnlyList<string> terms, bool isPrefix);

    Task<AppendOutcome> AppendAsync(SessionAppend append, CancellationToken cancellationToken);
}
