using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Events;

/// <inheritdoc cref="IEventLog"/>
internal sealed class EventLog(ISqlDatabase database, TimeProvider time) : IEventLog
{
    private const int RemovePiece = 1000;
    private const int ReadLimitBytes = 1024 * 1024;

    public Task AddAsync(TenantId tenant, OutboxEntry entry, string? webhookId, DateTimeOffset at, CancellationToken cancellationToken) =>
        database.WriteAsync(
            EventStatements.AddToOutbox,
            tenant.Value,
            [
                SqlValue.Of(tenant.Value), SqlValue.Of(""), SqlValue.Of(entry.EventId), SqlValue.Of(entry.Type), SqlValue.Of(at),
                SqlValue.Of(entry.Payload), SqlValue.Of(entry.SessionSeq), SqlValue.Of(webhookId),
            ],
            cancellationToken);

    public ValueTask<IReadOnlyList<TenantId>> ListWaitingAsync(int limit, CancellationToken cancellationToken) => database.ListAsync(
        EventStatements.ListTenantsInOutbox, [SqlValue.Of(limit)], static row => TenantId.Parse(row.GetText(0)), cancellationToken);

    public ValueTask<IReadOnlyList<OutboxRow>> ReadOutboxAsync(TenantId tenant, int limit, CancellationToken cancellationToken) => database.ListAsync(
        EventStatements.ReadOutbox,
        [SqlValue.Of(tenant.Value), SqlValue.Of(limit)],
        static row => new OutboxRow(row.GetInt64(0), row.GetText(1), ReadEvent(row), row.GetTime(6)),
        cancellationToken);

    public async ValueTask<long> FindHeadAsync(TenantId tenant, CancellationToken cancellationToken) =>
        await FindNumberAsync(EventStatements.FindEventHead, [SqlValue.Of(tenant.Value)], cancellationToken) ?? 0;

    public async Task<SequencedEvents?> SequenceAsync(
        TenantId tenant, long head, IReadOnlyList<OutboxRow> rows, CancellationToken cancellationToken)
    {
        var owner = SqlValue.Of(tenant.Value);
        var claim = SqlValue.Of(Guid.NewGuid());
        var steps = new List<SqlStep>(2 + (2 * rows.Count))
        {
            new(EventStatements.MoveEventHead, [owner, SqlValue.Of(head), SqlValue.Of(head + rows.Count), claim]),
        };
        for (var index = 0; index < rows.Count; index++)
        {
            var (seq, position) = (SqlValue.Of(head + index + 1), SqlValue.Of(rows[index].Position));
            steps.Add(new SqlStep(EventStatements.AddEvent, [owner, seq, position, claim]));
            steps.Add(new SqlStep(EventStatements.RemoveFromOutbox, [owner, position, claim]));
        }

        steps.Add(new SqlStep(EventStatements.AddDeliveries, [owner, SqlValue.Of(head), claim, SqlValue.Of(time.GetUtcNow())]));
        var changed = await database.WriteAsync(tenant.Value, steps, cancellationToken);
        return changed[0] == 0 ? null : new SequencedEvents(head + rows.Count, changed[^1]);
    }

    public async ValueTask<IReadOnlyList<TenantEventState>> ReadAsync(
        TenantId tenant, long afterSeq, int limit, CancellationToken cancellationToken)
    {
        var reading = new Reading();
        await database.ReadAsync(
            EventStatements.ReadTenantEvents,
            [SqlValue.Of(tenant.Value), SqlValue.Of(afterSeq), SqlValue.Of(limit)],
            reading,
            static (row, state) => state.Take(ReadTenantEvent(row)),
            cancellationToken);
        return reading.Events;
    }

    public ValueTask<long?> FindFirstAsync(TenantId tenant, CancellationToken cancellationToken) =>
        FindNumberAsync(EventStatements.FindFirstEvent, [SqlValue.Of(tenant.Value)], cancellationToken);

    public ValueTask<TenantEventState?> FindAsync(SessionKey session, long sessionSeq, string type, CancellationToken cancellationToken) =>
        database.FindAsync(
            EventStatements.FindTenantEvent,
            [SqlValue.Of(session.Tenant.Value), SqlValue.Of(session.SessionId), SqlValue.Of(sessionSeq), SqlValue.Of(type)],
            ReadTenantEvent,
            cancellationToken);

    public ValueTask<IReadOnlyList<string>> ListToldAsync(TenantId tenant, long afterSeq, CancellationToken cancellationToken) => database.ListAsync(
        EventStatements.ListToldWebhooks, [SqlValue.Of(tenant.Value), SqlValue.Of(afterSeq)], static row => row.GetText(0), cancellationToken);

    public Task<int> PurgeAsync(TenantId tenant, DateTimeOffset before, long belowSeq, int limit, CancellationToken cancellationToken) =>
        database.WriteAsync(
            EventStatements.PurgeTenantEvents,
            tenant.Value,
            [SqlValue.Of(tenant.Value), SqlValue.Of(before), SqlValue.Of(belowSeq), SqlValue.Of(limit)],
            cancellationToken);

    public Task<int> PurgeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken) =>
        database.WriteAsync(EventStatements.PurgeEventsOfAll, "", [SqlValue.Of(before), SqlValue.Of(limit)], cancellationToken);

    public async Task<bool> RemoveSomeAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        SqlValue[] piece = [SqlValue.Of(tenant.Value), SqlValue.Of(RemovePiece)];
        return await database.WriteAsync(EventStatements.RemoveTenantOutbox, tenant.Value, piece, cancellationToken) > 0
            || await database.WriteAsync(EventStatements.RemoveTenantEvents, tenant.Value, piece, cancellationToken) > 0
            || await database.WriteAsync(EventStatements.RemoveEventHead, tenant.Value, [SqlValue.Of(tenant.Value)], cancellationToken) > 0;
    }

    private async ValueTask<long?> FindNumberAsync(string statement, SqlValue[] parameters, CancellationToken cancellationToken)
    {
        var found = await database.ListAsync(statement, parameters, static row => row.GetInt64(0), cancellationToken);
        return found.Count == 0 ? null : found[0];
    }

    private static TenantEventState ReadTenantEvent(ISqlRow row) => new(row.GetInt64(0), row.GetText(1), ReadEvent(row), row.GetTime(6));

    private static OutboxEntry ReadEvent(ISqlRow row) => new(row.GetText(2), row.GetText(3), row.GetBytes(4), row.GetInt64OrNull(5));

    private sealed class Reading
    {
        private long _bytes;

        public List<TenantEventState> Events { get; } = [];

        public bool Take(TenantEventState entry)
        {
            Events.Add(entry);
            _bytes += entry.Event.Payload.Length;
            return _bytes < ReadLimitBytes;
        }
    }
}
