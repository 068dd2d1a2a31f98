using Microsoft.Extensions.Logging;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Sql;
using OpenClaw.Storage.Writing;

namespace OpenClaw.Storage.Sqlite;

/// <summary>The embedded database: one writer, a few readers, a checkpointer.</summary>
internal sealed class SqliteDatabase : ISqlDatabase, IDisposable
{
    private readonly SqliteCheckpointer _checkpointer;
    private readonly SqliteWriter _writer;
    private readonly SqliteReaders _readers;

    /// <exception cref="StorageUnavailableException">The file cannot be opened.</exception>
    public SqliteDatabase(string path, SqliteLimits limits, TimeProvider time, ILogger<SqliteDatabase> logger)
    {
        var texts = StatementCatalogue.Load("Sqlite");
        try
        {
            _checkpointer = new SqliteCheckpointer(path, limits, logger);
            _writer = new SqliteWriter(path, limits, texts, _checkpointer, time);
        }
        catch (SqliteFailure failure)
        {
            _checkpointer?.Dispose();
            throw failure.Translate();
        }

        _readers = new SqliteReaders(path, limits, texts);
    }

    public ValueTask ReadAsync<TState>(
        string statement,
        SqlValue[] parameters,
        TState state,
        Func<ISqlRow, TState, bool> take,
        CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled(cancellationToken);
        try
        {
            Read(statement, parameters, state, take);
            return ValueTask.CompletedTask;
        }
        catch (SqliteFailure failure)
        {
            return ValueTask.FromException(failure.Translate());
        }
    }

    public Task<int[]> WriteAsync(string lane, IReadOnlyList<SqlStep> steps, CancellationToken cancellationToken)
    {
        var operation = new StatementOperation(lane, steps, cancellationToken);
        _writer.Enqueue(operation);
        return operation.Completion;
    }

    // https://sqlite.org/fts5.html#full_text_query_syntax
    public string MatchAll(IReadOnlyList<string> terms, bool isPrefix) =>
        string.Join(" AND ", terms.Select((term, index) => index == 0 && isPrefix ? $"\"{term}\" *" : $"\"{term}\""));

    public Task<AppendOutcome> AppendAsync(SessionAppend append, CancellationToken cancellationToken)
    {
        var operation = new AppendOperation(append, append.Key.SessionId, cancellationToken);
        _writer.Enqueue(operation);
        return operation.Completion;
    }

    /// <summary>Writes what has queued up, and closes. SQLite then copies the log into the database file.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _checkpointer.Dispose();
        _readers.Dispose();
    }

    private void Read<TState>(string name, SqlValue[] parameters, TState state, Func<ISqlRow, TState, bool> take)
    {
        var reader = _readers.Rent();
        try
        {
            var statement = reader.Statement(name);
            statement.Bind(parameters);
            try
            {
                while (statement.Step() && take(statement, state))
                {
                    // The row has been taken.
                }
            }
            finally
            {
                statement.Reset();
            }
        }
        catch
        {
            // It is not known what state the connection is in.
            reader.Dispose();
            throw;
        }

        _readers.Return(reader);
    }
}
