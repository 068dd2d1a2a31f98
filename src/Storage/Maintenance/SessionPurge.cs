using OpenClaw.Grains.Abstractions.Json;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Events;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Maintenance;

/// <summary>Removes the events of deleted sessions, a piece in each transaction so that other writers come in between.</summary>
internal sealed class SessionPurge(ISqlDatabase database)
{
    /// <summary>Events that one transaction removes.</summary>
    internal const int Piece = 256;

    private const int SessionsAtOnce = 64;

    /// <summary>Works until no deleted session is left. A crash in between loses nothing: the next run goes on.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (await PurgeSomeAsync(cancellationToken))
        {
            // What was deleted meanwhile is in the next list.
        }
    }

    private async Task<bool> PurgeSomeAsync(CancellationToken cancellationToken)
    {
        var sessions = await database.ListAsync(
            Statements.ListPurges, [SqlValue.Of(SessionsAtOnce)], SessionRows.ReadKey, cancellationToken);
        foreach (var session in sessions)
        {
            while (await PurgePieceAsync(session, cancellationToken))
                cancellationToken.ThrowIfCancellationRequested();
        }

        return sessions.Count > 0;
    }

    /// <summary>Works on a deleted session of one tenant for a transaction or three. False when the tenant has none left.</summary>
    public async Task<bool> PurgePieceOfAsync(TenantId tenant, CancellationToken cancellationToken)
    {
        var sessions = await database.ListAsync(
            Statements.ListPurgesOf, [SqlValue.Of(tenant.Value), SqlValue.Of(1)], SessionRows.ReadKey, cancellationToken);
        if (sessions.Count == 0)
            return false;
        await PurgePieceAsync(sessions[0], cancellationToken);
        return true;
    }

    /// <summary>False when nothing of the session is left.</summary>
    private async Task<bool> PurgePieceAsync(SessionKey session, CancellationToken cancellationToken)
    {
        SqlValue[] key = [SqlValue.Of(session.Tenant.Value), SqlValue.Of(session.SessionId)];
        var removed = await database.WriteAsync(
            Statements.PurgeEvents, session.SessionId, [.. key, SqlValue.Of(Piece)], cancellationToken);
        if (removed == Piece)
            return true;
        // The tenant's events keep their numbers, and say no more than that they were this session's.
        var blank = SqlValue.Of(CompactJson.WriteObject(json =>
        {
            json.WriteString("sessionId", session.SessionId);
            json.WriteBoolean("deleted", true);
        }));
        await database.WriteAsync(
            session.SessionId,
            [
                new SqlStep(EventStatements.HoldEventHead, [key[0]]),
                new SqlStep(EventStatements.BlankOutbox, [.. key, blank]),
                new SqlStep(EventStatements.BlankTenantEvents, [.. key, blank]),
            ],
            cancellationToken);
        await database.WriteAsync(Statements.PurgeSummary, session.SessionId, key, cancellationToken);
        await database.WriteAsync(Statements.PurgeDone, session.SessionId, key, cancellationToken);
        return false;
    }
}
