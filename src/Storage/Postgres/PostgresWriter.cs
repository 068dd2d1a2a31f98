using Npgsql;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Sql;
using OpenClaw.Storage.Writing;

namespace OpenClaw.Storage.Postgres;

/// <summary>Writes batches, one after the other. Several writers work side by side, each with lanes of its own.</summary>
internal sealed class PostgresWriter : GroupWriter
{
    private readonly NpgsqlDataSource _source;
    private readonly IReadOnlyDictionary<string, string> _texts;
    private readonly TimeProvider _time;
    private readonly PostgresAppend _append;
    private readonly int _shard;
    private readonly UsageSums _usage = new();
    private readonly List<AppendOperation> _appends = [];
    private readonly List<AppendOperation> _mismatches = [];
    private readonly Task _loop;

    /// <param name="source">The connections.</param>
    /// <param name="texts">The statements.</param>
    /// <param name="shard">Where this writer adds usage. Two that share one wait for each other, no more.</param>
    /// <param name="time">The clock.</param>
    public PostgresWriter(NpgsqlDataSource source, IReadOnlyDictionary<string, string> texts, int shard, TimeProvider time)
        : base(time)
    {
        _source = source;
        _texts = texts;
        _time = time;
        _shard = shard;
        _append = new PostgresAppend(texts);
        _loop = Task.Run(RunAsync);
    }

    /// <summary>Writes what has queued up, and ends.</summary>
    public Task CloseAsync()
    {
        Close();
        return _loop;
    }

    protected override async ValueTask WriteAsync(IReadOnlyList<WriteOperation> batch)
    {
        await using var connection = await OpenAsync();
        _usage.Clear();
        _appends.Clear();
        _mismatches.Clear();

        // Without usage the batch is a transaction by itself; with it, the transaction goes on until the sums are known.
        var hasUsage = HasUsage(batch);
        await using (var commands = new NpgsqlBatch(connection))
        {
            if (hasUsage)
                commands.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
            foreach (var operation in batch)
                Add(commands, operation);
            await using (var reader = await commands.ExecuteReaderAsync())
                await ReadOutcomesAsync(reader);
            CountRows(batch, commands, hasUsage ? 1 : 0);
        }

        if (hasUsage)
            await CommitUsageAsync(connection);
        foreach (var append in _mismatches)
            append.Outcome = SessionRows.OutcomeOfMismatch(await FindAppendIdAsync(connection, append.Append), append.Append);
    }

    protected override bool IsTransient(Exception exception) => PostgresErrors.IsTransient(exception);

    protected override Exception Translate(Exception exception) => PostgresErrors.Translate(exception);

    private async ValueTask<NpgsqlConnection> OpenAsync()
    {
        try
        {
            return await _source.OpenConnectionAsync();
        }
        catch (NpgsqlException exception)
        {
            throw new StorageUnavailableException("The database cannot be reached.", exception);
        }
    }

    private void Add(NpgsqlBatch commands, WriteOperation operation)
    {
        if (operation is AppendOperation append)
        {
            _appends.Add(append);
            commands.BatchCommands.Add(_append.ToCommand(append.Append, _time.GetUtcNow()));
            return;
        }

        foreach (var step in ((StatementOperation)operation).Steps)
        {
            var command = new NpgsqlBatchCommand(_texts[step.Statement]);
            PostgresParameters.Add(command.Parameters, step.Parameters);
            commands.BatchCommands.Add(command);
        }
    }

    // Appends alone answer rows.
    private async ValueTask ReadOutcomesAsync(NpgsqlDataReader reader)
    {
        foreach (var append in _appends)
        {
            await reader.ReadAsync();
            var isExpected = reader.GetInt64(0) > 0;
            var isWritten = reader.GetInt64(1) > 0;
            append.Outcome = isWritten ? AppendOutcome.Written : AppendOutcome.DuplicateKey;
            if (!isExpected)
                _mismatches.Add(append);
            else if (isWritten && append.Append.Usage is { } usage)
                _usage.Add(append.Append.Key.Tenant.Value, usage);
            await reader.NextResultAsync();
        }
    }

    private static void CountRows(IReadOnlyList<WriteOperation> batch, NpgsqlBatch commands, int command)
    {
        foreach (var operation in batch)
        {
            if (operation is not StatementOperation statement)
            {
                command++;
                continue;
            }

            for (var step = 0; step < statement.Rows.Length; step++)
                statement.Rows[step] = commands.BatchCommands[command++].RecordsAffected;
        }
    }

    private async ValueTask CommitUsageAsync(NpgsqlConnection connection)
    {
        await using var commands = new NpgsqlBatch(connection);
        foreach (var parameters in _usage.ToParameters(_shard))
        {
            var command = new NpgsqlBatchCommand(_texts[Statements.AddUsage]);
            PostgresParameters.Add(command.Parameters, parameters);
            commands.BatchCommands.Add(command);
        }

        commands.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await commands.ExecuteNonQueryAsync();
    }

    private async ValueTask<byte[]?> FindAppendIdAsync(NpgsqlConnection connection, SessionAppend append)
    {
        await using var command = new NpgsqlCommand(_texts[Statements.FindRevision], connection);
        PostgresParameters.Add(command.Parameters, [SqlValue.Of(append.Key.Tenant.Value), SqlValue.Of(append.Key.SessionId)]);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? reader.GetFieldValue<byte[]>(2) : null;
    }

    private static bool HasUsage(IReadOnlyList<WriteOperation> batch)
    {
        for (var index = 0; index < batch.Count; index++)
        {
            if (batch[index] is AppendOperation { Append.Usage: not null })
                return true;
        }

        return false;
    }
}
