using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;

namespace OpenClaw.Storage.Sessions;

/// <summary>
/// The sessions and their append-only logs of numbered events: the truth that every reader reads. One implementation
/// per database, one conformance suite for all. See <c>docs/durability.md</c>.
/// </summary>
/// <remarks>
/// Methods throw <see cref="StorageUnavailableException"/> when the database cannot be reached, is locked beyond its
/// time-out or has no space left. Whether a write that threw has happened is then unknown, except that an append which
/// is repeated under its own <see cref="SessionAppend.AppendId"/> happens at most once.
/// </remarks>
public interface ISessionLog
{
    /// <summary>Creates a session. False when the id is taken, or its tenant was deleted.</summary>
    Task<bool> CreateAsync(SessionState session, CancellationToken cancellationToken);

    /// <summary>The session's row, or null when there is none or it was deleted. Writes nothing.</summary>
    ValueTask<SessionState?> FindAsync(SessionKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Appends events, moves the head and writes what belongs to it, in one transaction. Appends of many sessions share
    /// commits.
    /// </summary>
    Task<AppendOutcome> AppendAsync(SessionAppend append, CancellationToken cancellationToken);

    /// <summary>
    /// Events that end above <paramref name="afterSeq"/>, in order: the first of them may begin at or below it. Stops
    /// after <paramref name="maxEvents"/> events or once 1 MiB of payload has been read, never before the first event.
    /// Undone events are included.
    /// </summary>
    ValueTask<IReadOnlyList<SessionEventState>> ReadAsync(SessionKey key, long afterSeq, int maxEvents, CancellationToken cancellationToken);

    /// <summary>
    /// Messages of the history: events of kind <see cref="SessionEventKind.Message"/> and <see cref="SessionEventKind.Done"/>
    /// that were not undone, on one side of <paramref name="fromSeq"/> (exclusive), in the order asked for.
    /// </summary>
    ValueTask<IReadOnlyList<SessionEventState>> ReadMessagesAsync(SessionKey key, long fromSeq, bool descending, int limit, CancellationToken cancellationToken);

    /// <summary>The event of kind <see cref="SessionEventKind.Done"/> of a turn, or null. Looks above <paramref name="afterSeq"/> only.</summary>
    ValueTask<SessionEventState?> FindDoneAsync(SessionKey key, string turnId, long afterSeq, CancellationToken cancellationToken);

    /// <summary>The newest summary of the session's older messages, or null.</summary>
    ValueTask<SessionSummaryState?> FindSummaryAsync(SessionKey key, CancellationToken cancellationToken);

    /// <summary>Stores a summary; a session that is gone stores nothing.</summary>
    Task SaveSummaryAsync(SessionKey key, SessionSummaryState summary, CancellationToken cancellationToken);

    /// <summary>
    /// Sessions of a tenant, newest first, at most <paramref name="limit"/>, created before the position given (or from
    /// the newest when it is null). Ties in time are broken by id.
    /// </summary>
    ValueTask<IReadOnlyList<SessionState>> ListAsync(TenantId tenant, SessionListPosition? before, int limit, CancellationToken cancellationToken);

    /// <summary>Sessions whose turn runs or whose messages wait, oldest update first, through a partial index.</summary>
    ValueTask<IReadOnlyList<SessionKey>> ListRunningAsync(int limit, CancellationToken cancellationToken);

    /// <summary>Those of one tenant.</summary>
    ValueTask<IReadOnlyList<SessionKey>> ListRunningAsync(TenantId tenant, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Sessions whose turn runs, of one tenant or (null) of all, in the order of their keys, at most <paramref name="limit"/>,
    /// after the key given or from the first.
    /// </summary>
    ValueTask<IReadOnlyList<ActiveSessionState>> ListActiveAsync(
        TenantId? tenant, SessionKey? after, int limit, CancellationToken cancellationToken);

    /// <summary>The tenants that have a session of this id, at most <paramref name="limit"/>: none or one, unless ids were not made by chance.</summary>
    ValueTask<IReadOnlyList<TenantId>> FindTenantsAsync(string sessionId, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes a session: at once it is found no more and its next append is <see cref="AppendOutcome.Deleted"/>; its
    /// events are removed in pieces, and what a crash left over is removed by the next start. False when there is none.
    /// </summary>
    Task<bool> DeleteAsync(SessionKey key, CancellationToken cancellationToken);

    /// <summary>
    /// Deletes some of a tenant's sessions or, once they are all deleted, some of their events: a bounded piece. False when
    /// nothing of any session is left.
    /// </summary>
    Task<bool> DeleteSomeAsync(TenantId tenant, CancellationToken cancellationToken);
}

/// <summary>Position in the list of sessions.</summary>
public readonly record struct SessionListPosition(DateTimeOffset CreatedAt, string SessionId);
