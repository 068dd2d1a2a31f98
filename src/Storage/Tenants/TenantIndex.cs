using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Tenants;

/// <inheritdoc/>
internal sealed class TenantIndex(ISqlDatabase database) : ITenantIndex
{
    private const int RemovePiece = 1000;

    public Task AddTenantAsync(TenantInfo tenant, CancellationToken cancellationToken) => database.WriteAsync(
        Statements.AddTenant,
        tenant.TenantId,
        [SqlValue.Of(tenant.TenantId), SqlValue.OfProse(tenant.Name), SqlValue.Of(tenant.CreatedAt)],
        cancellationToken);

    public Task RemoveTenantAsync(TenantId tenant, CancellationToken cancellationToken) => database.WriteAsync(
        Statements.RemoveTenant, tenant.Value, [SqlValue.Of(tenant.Value)], cancellationToken);

    public ValueTask<IReadOnlyList<TenantInfo>> ListTenantsAsync(
        IndexPosition? after, int limit, CancellationToken cancellationToken) => database.ListAsync(
        Statements.ListTenants,
        [.. Of(after), SqlValue.Of(limit)],
        static row => new TenantInfo(row.GetText(0), row.GetProse(1), row.GetTime(2)),
        cancellationToken);

    public Task AddApiKeyAsync(ApiKeyInfo key, string hash, CancellationToken cancellationToken) => database.WriteAsync(
        Statements.AddApiKey,
        key.KeyId,
        [
            SqlValue.Of(key.KeyId), SqlValue.Of(key.TenantId), SqlValue.OfProse(key.Name), SqlValue.Of((long)key.Scopes),
            SqlValue.Of(key.CreatedAt), SqlValue.Of(key.ExpiresAt), SqlValue.Of(hash),
        ],
        cancellationToken);

    public Task RemoveApiKeyAsync(string keyId, CancellationToken cancellationToken) => database.WriteAsync(
        Statements.RemoveApiKey, keyId, [SqlValue.Of(keyId)], cancellationToken);

    public ValueTask<IReadOnlyList<ApiKeyRow>> ListApiKeysAsync(
        TenantId tenant, IndexPosition? after, int limit, CancellationToken cancellationToken) => database.ListAsync(
        Statements.ListApiKeys, [SqlValue.Of(tenant.Value), .. Of(after), SqlValue.Of(limit)], ReadApiKey, cancellationToken);

    public ValueTask<ApiKeyRow?> FindApiKeyAsync(string keyId, CancellationToken cancellationToken) => database.FindAsync(
        Statements.FindApiKey, [SqlValue.Of(keyId)], ReadApiKey, cancellationToken);

    public ValueTask<IReadOnlyList<UsageInfo>> ListUsageAsync(
        TenantId tenant, DateOnly from, DateOnly to, CancellationToken cancellationToken) => database.ListAsync(
        Statements.ListUsage,
        [SqlValue.Of(tenant.Value), SqlValue.Of(from), SqlValue.Of(to)],
        static row => new UsageInfo(
            row.GetDay(0), row.GetText(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6),
            row.GetBillionths(7)),
        cancellationToken);

    public async Task<bool> RemoveSomeUsageAsync(TenantId tenant, CancellationToken cancellationToken) => await database.WriteAsync(
        Statements.RemoveTenantUsage, tenant.Value, [SqlValue.Of(tenant.Value), SqlValue.Of(RemovePiece)], cancellationToken) > 0;

    private static SqlValue[] Of(IndexPosition? after) =>
        [after is { } position ? SqlValue.Of(position.CreatedAt) : SqlValue.Of(long.MinValue), SqlValue.Of(after?.Id ?? "")];

    private static ApiKeyRow ReadApiKey(ISqlRow row) => new(
        new ApiKeyInfo
        {
            KeyId = row.GetText(0),
            TenantId = row.GetText(1),
            Name = row.GetProse(2),
            Scopes = (Scopes)row.GetInt64(3),
            CreatedAt = row.GetTime(4),
            ExpiresAt = row.GetTimeOrNull(5),
        },
        row.GetText(6));
}
