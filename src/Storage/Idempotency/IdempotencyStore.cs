using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Idempotency;

/// <inheritdoc/>
internal sealed class IdempotencyStore(ISqlDatabase database, TimeProvider time) : IIdempotencyStore
{
    private const int RemovePiece = 1000;

    public ValueTask<IdempotencyState?> FindAsync(TenantId tenant, string scope, string key, CancellationToken cancellationToken) =>
        database.FindAsync(
            Statements.FindIdempotency,
            Of(tenant, scope, key, SqlValue.Of(time.GetUtcNow())),
            static row => new IdempotencyState
            {
                Tenant = row.GetText(0),
                Scope = row.GetText(1),
                Key = row.GetText(2),
                Fingerprint = row.GetText(3),
                Result = row.GetBytesOrNull(4),
                ExpiresAt = row.GetTime(5),
            },
            cancellationToken);

    public async Task<bool> TryInsertAsync(IdempotencyState state, Guid claim, CancellationToken cancellationToken) => await database.WriteAsync(
        Statements.InsertIdempotency,
        state.Key,
        [
            SqlValue.Of(state.Tenant), SqlValue.Of(state.Scope), SqlValue.Of(state.Key), SqlValue.Of(state.Fingerprint),
            SqlValue.Of(state.Result), SqlValue.Of(state.ExpiresAt), SqlValue.Of(claim), SqlValue.Of(time.GetUtcNow()),
        ],
        cancellationToken) > 0;

    public Task CompleteAsync(TenantId tenant, string scope, string key, byte[] result, CancellationToken cancellationToken) =>
        database.WriteAsync(Statements.CompleteIdempotency, key, Of(tenant, scope, key, SqlValue.Of(result)), cancellationToken);

    public Task RemoveAsync(TenantId tenant, string scope, string key, Guid claim, CancellationToken cancellationToken) =>
        database.WriteAsync(Statements.RemoveIdempotency, key, Of(tenant, scope, key, SqlValue.Of(claim)), cancellationToken);

    public async Task<bool> RemoveSomeAsync(TenantId tenant, CancellationToken cancellationToken) => await database.WriteAsync(
        Statements.RemoveTenantIdempotency, tenant.Value, [SqlValue.Of(tenant.Value), SqlValue.Of(RemovePiece)], cancellationToken) > 0;

    public Task<int> PurgeAsync(int limit, CancellationToken cancellationToken) => database.WriteAsync(
        Statements.PurgeIdempotency, "", [SqlValue.Of(time.GetUtcNow()), SqlValue.Of(limit)], cancellationToken);

    private static SqlValue[] Of(TenantId tenant, string scope, string key, params ReadOnlySpan<SqlValue> more) =>
        [SqlValue.Of(tenant.Value), SqlValue.Of(scope), SqlValue.Of(key), .. more];
}
