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
            SqlValue[] key = [SqlValue.Of(session.Tenant.Value), SqlValue.Of(session.SessionId)];
            while (await PurgePieceAsync(session.SessionId, key, cancellationToken) == Piece)
                cancellationToken.ThrowIfCancellationRequested();
            await database.WriteAsync(Statements.PurgeSummary, session.SessionId, key, cancellationToken);
            await database.WriteAsync(Statements.PurgeDone, session.SessionId, key, cancellationToken);
        }

        return sessions.Count > 0;
    }

    private Task<int> PurgePieceAsync(string lane, SqlValue[] key, CancellationToken cancellationToken) => database.WriteAsync(
        Statements.PurgeEvents, lane, [.. key, SqlValue.Of(Piece)], cancellationToken);
}
