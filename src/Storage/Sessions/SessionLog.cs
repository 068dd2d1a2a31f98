using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Maintenance;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Sessions;

/// <inheritdoc/>
internal sealed class SessionLog(ISqlDatabase database, PurgeSignal purge, SessionPurge purger) : ISessionLog
{
    private const int ReadLimitBytes = 1024 * 1024;

    /// <summary>Sessions of a tenant that one transaction deletes: other writers wait for it.</summary>
    private const int DeletePiece = 500;

    public async Task<bool> CreateAsync(SessionState session, CancellationToken cancellationToken) => await database.WriteAsync(
        Statements.CreateSession, session.Key.SessionId, SessionRows.Write(session, Guid.NewGuid()), cancellationToken) > 0;

    public ValueTask<SessionState?> FindAsync(SessionKey key, CancellationToken cancellationToken) => database.FindAsync(
        Statements.FindSession, Of(key), SessionRows.ReadSession, cancellationToken);

    public Task<AppendOutcome> AppendAsync(SessionAppend append, CancellationToken cancellationToken) =>
        database.AppendAsync(append, cancellationToken);

    public async ValueTask<IReadOnlyList<SessionEventState>> ReadAsync(
        SessionKey key, long afterSeq, int maxEvents, CancellationToken cancellationToken)
    {
        var reading = new EventReading();
        await database.ReadAsync(
            Statements.ReadEvents,
            Of(key, SqlValue.Of(afterSeq), SqlValue.Of(maxEvents)),
            reading,
            static (row, state) => state.Take(SessionRows.ReadEvent(row)),
            cancellationToken);
        return reading.Events;
    }

    public ValueTask<IReadOnlyList<SessionEventState>> ReadMessagesAsync(
        SessionKey key, long fromSeq, bool descending, int limit, CancellationToken cancellationToken) => database.ListAsync(
        descending ? Statements.ReadMessagesBefore : Statements.ReadMessagesAfter,
        Of(key, SqlValue.Of(fromSeq), SqlValue.Of(limit)),
        SessionRows.ReadEvent,
        cancellationToken);

    public ValueTask<SessionEventState?> FindDoneAsync(
        SessionKey key, string turnId, long afterSeq, CancellationToken cancellationToken) => database.FindAsync(
        Statements.FindDone, Of(key, SqlValue.Of(afterSeq), SqlValue.Of(turnId)), SessionRows.ReadEvent, cancellationToken);

    public ValueTask<SessionSummaryState?> FindSummaryAsync(SessionKey key, CancellationToken cancellationToken) => database.FindAsync(
        Statements.FindSummary,
        Of(key),
        static row => new SessionSummaryState(row.GetInt64(0), row.GetProse(1), row.GetTime(2)),
        cancellationToken);

    public Task SaveSummaryAsync(SessionKey key, SessionSummaryState summary, CancellationToken cancellationToken) => database.WriteAsync(
        Statements.SaveSummary,
        key.SessionId,
        Of(key, SqlValue.Of(summary.UntilSeq), SqlValue.OfProse(summary.Text), SqlValue.Of(summary.At)),
        cancellationToken);

    public ValueTask<IReadOnlyList<SessionState>> ListAsync(
        TenantId tenant, SessionListPosition? before, int limit, CancellationToken cancellationToken) => database.ListAsync(
        Statements.ListSessions,
        [
            SqlValue.Of(tenant.Value),
            before is { } position ? SqlValue.Of(position.CreatedAt) : SqlValue.Of(long.MaxValue),
            SqlValue.Of(before?.SessionId ?? ""),
            SqlValue.Of(limit),
        ],
        SessionRows.ReadSession,
        cancellationToken);

    public ValueTask<IReadOnlyList<SessionKey>> ListRunningAsync(int limit, CancellationToken cancellationToken) => database.ListAsync(
        Statements.ListRunningSessions, [SqlValue.Of(limit)], SessionRows.ReadKey, cancellationToken);

    public ValueTask<IReadOnlyList<SessionKey>> ListRunningAsync(TenantId tenant, int limit, CancellationToken cancellationToken) =>
        database.ListAsync(
            Statements.ListRunningSessionsOf, [SqlValue.Of(tenant.Value), SqlValue.Of(limit)], SessionRows.ReadKey, cancellationToken);

    public ValueTask<IReadOnlyList<ActiveSessionState>> ListActiveAsync(
        TenantId? tenant, SessionKey? after, int limit, CancellationToken cancellationToken) => database.ListAsync(
        Statements.ListActiveSessions,
        [
            SqlValue.Of(tenant?.Value ?? ""),
            SqlValue.Of(after?.Tenant.Value ?? ""),
            SqlValue.Of(after?.SessionId ?? ""),
            SqlValue.Of(limit),
        ],
        static row => new ActiveSessionState(SessionRows.ReadKey(row), row.GetText(2), row.GetTime(3), row.GetBytesOrNull(4)),
        cancellationToken);

    public ValueTask<IReadOnlyList<TenantId>> FindTenantsAsync(string sessionId, int limit, CancellationToken cancellationToken) =>
        database.ListAsync(
            Statements.FindSessionTenants,
            [SqlValue.Of(sessionId), SqlValue.Of(limit)],
            static row => TenantId.Parse(row.GetText(0)),
            cancellationToken);

    public async Task<bool> DeleteAsync(SessionKey key, CancellationToken cancellationToken)
    {
        var deleted = await database.WriteAsync(Statements.DeleteSession, key.SessionId, Of(key), cancellationToken) > 0;
        if (deleted)
            purge.Set();
        return deleted;
    }

    public async Task<bool> DeleteSomeAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        SqlValue[] parameters = [SqlValue.Of(tenant.Value), SqlValue.Of(DeletePiece)];
        return await database.WriteAsync(Statements.DeleteSessions, tenant.Value, parameters, cancellationToken) > 0
            || await purger.PurgePieceOfAsync(tenant, cancellationToken);
    }

    private static SqlValue[] Of(SessionKey key, params ReadOnlySpan<SqlValue> more) =>
        [SqlValue.Of(key.Tenant.Value), SqlValue.Of(key.SessionId), .. more];

    private sealed class EventReading
    {
        private long _bytes;

        public List<SessionEventState> Events { get; } = [];

        public bool Take(SessionEventState entry)
        {
            Events.Add(entry);
            _bytes += entry.Payload.Length;
            return _bytes < ReadLimitBytes;
        }
    }
}
