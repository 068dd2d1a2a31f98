using OpenClaw.Grains.Abstractions.Errors;
using OpenClaw.Grains.Abstractions.Sessions;
using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Grains.Paging;
using OpenClaw.Grains.Models;
using OpenClaw.Grains.Sessions;
using OpenClaw.Storage.Sessions;
using OpenClaw.Storage.Tenants;
using Orleans.Concurrency;

namespace OpenClaw.Grains.Tenants;

/// <summary>The lists. Holds nothing, so that calls interleave freely.</summary>
/// <remarks>A session comes from its row alone: listing sessions activates none of them.</remarks>
[GrainType("tenant-directory"), StatelessWorker, Reentrant]
internal sealed class TenantDirectoryGrain(ISessionLog sessions, ITenantIndex index, IModelGateway models, ModelPrices prices) : Grain, ITenantDirectoryGrain
{
    private const int MaxLimit = 200;

    private static readonly Problem UnreadableCursor = Problem.Invalid("cursor", Reasons.InvalidCursor);

    private TenantId Tenant => TenantKey.Parse(this.GetPrimaryKeyString()).Tenant;

    public Task Ping() => Task.CompletedTask;

    public async Task<SessionPage> ListSessions(int limit, string? cursor, CancellationToken cancellationToken)
    {
        if (!TryRead(cursor, PagedList.Sessions, out var from))
            return new SessionPage([], null, UnreadableCursor);
        var before = from is null ? (SessionListPosition?)null : new SessionListPosition(from.CreatedAt, from.Id);
        var size = SizeOf(limit);
        var rows = await sessions.ListAsync(Tenant, before, size + 1, cancellationToken);
        return new SessionPage(
            rows.Take(size).Select(row => SessionInfos.Describe(row, models)).ToArray(),
            NextCursor(rows, size, static row => new PageCursor(PagedList.Sessions, row.CreatedAt, row.Key.SessionId)));
    }

    public async Task<IReadOnlyList<UsageInfo>> ListUsage(DateOnly from, DateOnly to, CancellationToken cancellationToken) =>
        (await index.ListUsageAsync(Tenant, from, to, cancellationToken))
            .Select(usage => usage.Cost is 0 && !prices.Has(usage.Model) ? usage with { Cost = null } : usage)
            .ToArray();

    public async Task<ActiveSessionPage> ListActiveSessions(string? tenantId, int limit, string? cursor, CancellationToken cancellationToken)
    {
        RequireOperator();
        SessionKey? after = null;
        if (cursor is not null)
        {
            if (!PageCursor.TryParse(cursor, PagedList.ActiveSessions, out var from) || !SessionKey.TryParse(from.Id, out var key))
                return new ActiveSessionPage([], null, UnreadableCursor);
            after = key;
        }

        var size = SizeOf(limit);
        var rows = await sessions.ListActiveAsync(
            tenantId is null ? null : TenantId.Parse(tenantId), after, size + 1, cancellationToken);
        return new ActiveSessionPage(
            rows.Take(size).Select(SessionInfos.Describe).ToArray(),
            NextCursor(rows, size, static row => new PageCursor(PagedList.ActiveSessions, DateTimeOffset.UnixEpoch, row.Key.ToString())));
    }

    public async Task<SessionOwner?> FindSessionOwner(string sessionId, CancellationToken cancellationToken)
    {
        RequireOperator();
        var tenants = await sessions.FindTenantsAsync(sessionId, 2, cancellationToken);
        return tenants.Count == 0 ? null : new SessionOwner(tenants[0].Value, tenants.Count > 1);
    }

    public async Task<TenantPage> ListTenants(int limit, string? cursor, CancellationToken cancellationToken)
    {
        RequireOperator();
        if (!TryRead(cursor, PagedList.Tenants, out var from))
            return new TenantPage([], null, UnreadableCursor);
        var size = SizeOf(limit);
        var rows = await index.ListTenantsAsync(PositionOf(from), size + 1, cancellationToken);
        // The operator's list is about many tenants.
        TenantContext.Clear();
        var tenants = await Task.WhenAll(rows.Take(size).Select(row => GrainFactory
            .GetGrain<ITenantRecord>(new TenantKey(TenantId.Parse(row.TenantId)).ToString())
            .Confirm(cancellationToken)));
        return new TenantPage(
            tenants.OfType<TenantInfo>().ToArray(),
            NextCursor(rows, size, static row => new PageCursor(PagedList.Tenants, row.CreatedAt, row.TenantId)));
    }

    public async Task<ApiKeyPage> ListApiKeys(string tenantId, int limit, string? cursor, CancellationToken cancellationToken)
    {
        if (tenantId != Tenant.Value)
            RequireOperator();
        if (!TryRead(cursor, PagedList.ApiKeys, out var from))
            return new ApiKeyPage([], null, UnreadableCursor);
        var size = SizeOf(limit);
        var rows = await index.ListApiKeysAsync(TenantId.Parse(tenantId), PositionOf(from), size + 1, cancellationToken);
        var keys = await Task.WhenAll(rows.Take(size).Select(row => GrainFactory
            .GetGrain<IApiKeyRecord>(new ApiKeyGrainKey(row.Hash).ToString())
            .Confirm(row.Key.KeyId, cancellationToken)));
        return new ApiKeyPage(
            keys.OfType<ApiKeyInfo>().ToArray(),
            NextCursor(rows, size, static row => new PageCursor(PagedList.ApiKeys, row.Key.CreatedAt, row.Key.KeyId)));
    }

    public async Task<string?> FindApiKeyHash(string keyId, CancellationToken cancellationToken)
    {
        RequireOperator();
        return (await index.FindApiKeyAsync(keyId, cancellationToken))?.Hash;
    }

    private static int SizeOf(int limit) => Math.Clamp(limit, 1, MaxLimit);

    private static bool TryRead(string? text, PagedList list, out PageCursor? cursor)
    {
        cursor = null;
        return text is null || PageCursor.TryParse(text, list, out cursor);
    }

    private static IndexPosition? PositionOf(PageCursor? cursor) =>
        cursor is null ? null : new IndexPosition(cursor.CreatedAt, cursor.Id);

    /// <summary>One row more than the page was read: only where it is there does the list go on.</summary>
    private static string? NextCursor<T>(IReadOnlyList<T> rows, int size, Func<T, PageCursor> cursorOf) =>
        rows.Count > size ? cursorOf(rows[size - 1]).ToString() : null;

    private void RequireOperator()
    {
        if (Tenant != TenantId.Default)
            throw new TenantMismatchException();
    }
}
