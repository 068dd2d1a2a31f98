using Npgsql;
using NpgsqlTypes;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Postgres;

/// <summary>An append as one statement. The plain one, of nearly every turn, carries events and what the world is told alone.</summary>
internal sealed class PostgresAppend(IReadOnlyDictionary<string, string> texts)
{
    private const string NeverUsed = "";

    private readonly string _plain = texts["Append"];
    private readonly string _all = texts["AppendAll"];

    /// <summary>Answers one row: whether the session's row was as expected, and whether the append was written.</summary>
    public NpgsqlBatchCommand ToCommand(SessionAppend append, DateTimeOffset now)
    {
        var isPlain = append.Idempotency is null && append.Definition is null && append.Undo is null;
        var command = new NpgsqlBatchCommand(isPlain ? _plain : _all);
        AddSession(command.Parameters, append);
        AddEvents(command.Parameters, append);
        AddOutbox(command.Parameters, append.Outbox);
        if (!isPlain)
            AddRest(command.Parameters, append, now);
        return command;
    }

    private static void AddSession(NpgsqlParameterCollection parameters, SessionAppend append) => PostgresParameters.Add(
        parameters,
        [
            SqlValue.Of(append.Key.Tenant.Value), SqlValue.Of(append.Key.SessionId),
            SqlValue.Of(append.ExpectedEpoch), SqlValue.Of(append.ExpectedRevision), SqlValue.Of(append.Epoch),
            SqlValue.Of(append.Head), SqlValue.Of(append.Reserved), SqlValue.Of((long)append.RunState), SqlValue.Of(append.AppendId),
            SqlValue.Of(append.Mailbox), SqlValue.Of((long)append.MessageDelta),
            SqlValue.Of(append.Usage?.InputTokens ?? 0), SqlValue.Of(append.Usage?.OutputTokens ?? 0), SqlValue.Of(append.At),
        ]);

    private static void AddEvents(NpgsqlParameterCollection parameters, SessionAppend append)
    {
        var events = append.Events;
        parameters.Add(PostgresParameters.Of(Column(events, static entry => entry.SeqFrom), NpgsqlDbType.Bigint));
        parameters.Add(PostgresParameters.Of(Column(events, static entry => entry.SeqTo), NpgsqlDbType.Bigint));
        parameters.Add(PostgresParameters.Of(Column(events, static entry => PostgresParameters.WithoutNul(entry.TurnId)), NpgsqlDbType.Text));
        parameters.Add(PostgresParameters.Of(Column(events, static entry => (int)entry.Kind), NpgsqlDbType.Integer));
        parameters.Add(PostgresParameters.Of(Column(events, entry => SessionRows.IsListed(entry, append.Undo) ? 1 : 0), NpgsqlDbType.Integer));
        parameters.Add(PostgresParameters.Of(Column(events, static entry => entry.At.ToUnixTimeMilliseconds()), NpgsqlDbType.Bigint));
        parameters.Add(PostgresParameters.Of(Column(events, static entry => entry.Payload), NpgsqlDbType.Bytea));
    }

    private static void AddOutbox(NpgsqlParameterCollection parameters, IReadOnlyList<OutboxEntry> outbox)
    {
        parameters.Add(PostgresParameters.Of(Column(outbox, static entry => PostgresParameters.WithoutNul(entry.EventId)), NpgsqlDbType.Text));
        parameters.Add(PostgresParameters.Of(Column(outbox, static entry => PostgresParameters.WithoutNul(entry.Type)), NpgsqlDbType.Text));
        parameters.Add(PostgresParameters.Of(Column(outbox, static entry => entry.Payload), NpgsqlDbType.Bytea));
        parameters.Add(PostgresParameters.Of(Column(outbox, static entry => entry.SessionSeq), NpgsqlDbType.Bigint));
    }

    private static void AddRest(NpgsqlParameterCollection parameters, SessionAppend append, DateTimeOffset now)
    {
        var key = append.Idempotency;
        var definition = append.Definition;
        PostgresParameters.Add(
            parameters,
            [
                SqlValue.Of(key?.Tenant ?? NeverUsed), SqlValue.Of(key?.Scope ?? NeverUsed), SqlValue.Of(key?.Key ?? NeverUsed),
                SqlValue.Of(key?.Fingerprint ?? NeverUsed), SqlValue.Of(key?.Result),
                SqlValue.Of(key?.ExpiresAt ?? append.At), SqlValue.Of(now), SqlValue.Of(key is null ? 1L : 0L),
                SqlValue.Of(definition is null ? 0L : 1L), SqlValue.OfProse(definition?.Title),
                SqlValue.Of(definition?.Model ?? NeverUsed), SqlValue.Of(definition?.Context),
                SqlValue.Of(append.Undo?.FromSeq ?? long.MaxValue), SqlValue.Of(append.Undo?.TurnId ?? NeverUsed),
            ]);
    }

    private static TColumn[] Column<TRow, TColumn>(IReadOnlyList<TRow> rows, Func<TRow, TColumn> select)
    {
        var column = new TColumn[rows.Count];
        for (var index = 0; index < column.Length; index++)
            column[index] = select(rows[index]);
        return column;
    }
}
