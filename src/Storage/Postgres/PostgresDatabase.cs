using Npgsql;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Sql;
using OpenClaw.Storage.Writing;

namespace OpenClaw.Storage.Postgres;

/// <summary>A PostgreSQL server: one pool of connections, a few writers that share commits.</summary>
internal sealed class PostgresDatabase : ISqlDatabase, IAsyncDisposable, IDisposable
{
    /// <summary>Writers of all processes spread over so many usage rows of a tenant, day and model.</summary>
    private const int Shards = 64;

    private readonly NpgsqlDataSource _source;
    private readonly IReadOnlyDictionary<string, string> _texts;
    private readonly PostgresWriter[] _writers;

    /// <summary>Connects with the first use.</summary>
    public PostgresDatabase(string connectionString, PostgresLimits limits, TimeProvider time)
    {
        _texts = StatementCatalogue.Load("Postgres");
        var settings = new NpgsqlConnectionStringBuilder(connectionString);
        if (settings.MaxAutoPrepare == 0)
        {
            settings.MaxAutoPrepare = limits.PreparedStatements;
            settings.AutoPrepareMinUsages = 2;
        }

        // Nothing here changes a connection's settings, and a reset is six statements that the server parses before each use.
        settings.NoResetOnClose = true;
        settings.Options = $"{settings.Options} -c lock_timeout={(long)limits.LockTimeout.TotalMilliseconds}".Trim();
        _source = new NpgsqlDataSourceBuilder(settings.ConnectionString).Build();
        var shard = Random.Shared.Next(Shards);
        _writers = [.. Enumerable.Range(0, limits.Writers).Select(index => new PostgresWriter(_source, _texts, (shard + index) % Shards, time))];
    }

    public async ValueTask ReadAsync<TState>(
        string statement,
        SqlValue[] parameters,
        TState state,
        Func<ISqlRow, TState, bool> take,
        CancellationToken cancellationToken)
    {
        var isRepeated = false;
        while (true)
        {
            var isTaken = false;
            try
            {
                await using var command = _source.CreateCommand(_texts[statement]);
                PostgresParameters.Add(command.Parameters, parameters);
                await using var reader = await command.ExecuteReaderAsync(cancellationToken);
                var row = new PostgresRow(reader);
                while (await reader.ReadAsync(cancellationToken))
                {
                    isTaken = true;
                    if (!take(row, state))
                        break;
                }

                return;
            }
            catch (NpgsqlException exception) when (!isTaken && !isRepeated && PostgresErrors.IsConnectionLost(exception))
            {
                // The server may be back long since: the pool does not notice before a connection is used.
                isRepeated = true;
            }
            catch (NpgsqlException exception)
            {
                throw PostgresErrors.Translate(exception);
            }
        }
    }

    public Task<int[]> WriteAsync(string lane, IReadOnlyList<SqlStep> steps, CancellationToken cancellationToken)
    {
        var operation = new StatementOperation(lane, steps, cancellationToken);
        WriterOf(lane).Enqueue(operation);
        return operation.Completion;
    }

    // https://www.postgresql.org/docs/15/datatype-textsearch.html#DATATYPE-TSQUERY
    public string MatchAll(IReadOnlyList<string> terms, bool isPrefix) =>
        string.Join(" & ", terms.Select((term, index) => index == 0 && isPrefix ? $"'{term}':*" : $"'{term}'"));

    public Task<AppendOutcome> AppendAsync(SessionAppend append, CancellationToken cancellationToken)
    {
        var operation = new AppendOperation(append, append.Key.SessionId, cancellationToken);
        WriterOf(operation.Lane).Enqueue(operation);
        return operation.Completion;
    }

    /// <summary>Writes what has queued up, and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_writers.Select(writer => writer.CloseAsync()));
        await _source.DisposeAsync();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    private PostgresWriter WriterOf(string lane) => _writers[(uint)lane.GetHashCode(StringComparison.Ordinal) % (uint)_writers.Length];
}
