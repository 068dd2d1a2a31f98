using OpenClaw.Grains.Abstractions.Sessions;

namespace OpenClaw.Grains.Abstractions.Tenants;

/// <summary>
/// The lists: keyset pages read from SQL, so that a front-end needs no database of its own. A stateless worker; key
/// <c>tenant/</c> for a tenant's own lists, <c>default/</c> for the operator's.
/// </summary>
[Alias("OpenClaw.ITenantDirectoryGrain")]
public interface ITenantDirectoryGrain : IGrainWithStringKey
{
    /// <summary>Answers, without the database: that it does says that a silo lives.</summary>
    [Alias("Ping")]
    Task Ping();

    /// <summary>The tenant's sessions, newest first. <paramref name="limit"/> is 1 to 200.</summary>
    /// <remarks>An unreadable cursor gives a result with <c>Problem</c>.</remarks>
    [Alias("ListSessions"), Repeatable]
    Task<SessionPage> ListSessions(int limit, string? cursor, CancellationToken cancellationToken);

    /// <summary>The tenant's usage between two days (inclusive), by day and model.</summary>
    [Alias("ListUsage"), Repeatable]
    Task<IReadOnlyList<UsageInfo>> ListUsage(DateOnly from, DateOnly to, CancellationToken cancellationToken);

    /// <summary>
    /// The operator's list of sessions whose turn runs, of all tenants or of one, in the order of tenant and id. A session
    /// whose turn runs all the while is on exactly one page.
    /// </summary>
    [Alias("ListActiveSessions"), Repeatable]
    Task<ActiveSessionPage> ListActiveSessions(string? tenantId, int limit, string? cursor, CancellationToken cancellationToken);

    /// <summary>For the operator: whose the session of this id is, whether its turn runs or not; null when there is none.</summary>
    [Alias("FindSessionOwner"), Repeatable]
    Task<SessionOwner?> FindSessionOwner(string sessionId, CancellationToken cancellationToken);

    /// <summary>All tenants, oldest first.</summary>
    [Alias("ListTenants"), Repeatable]
    Task<TenantPage> ListTenants(int limit, string? cursor, CancellationToken cancellationToken);

    /// <summary>The keys of <paramref name="tenantId"/>, oldest first.</summary>
    [Alias("ListApiKeys"), Repeatable]
    Task<ApiKeyPage> ListApiKeys(string tenantId, int limit, string? cursor, CancellationToken cancellationToken);

    /// <summary>Hash of the key with this id, or null.</summary>
    [Alias("FindApiKeyHash"), Repeatable]
    Task<string?> FindApiKeyHash(string keyId, CancellationToken cancellationToken);
}
