using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Tenants;

/// <inheritdoc/>
internal sealed class TenantDeletions(ISqlDatabase database) : ITenantDeletions
{
    public Task BeginAsync(TenantId tenant, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        Statements.BeginTenantDeletion, tenant.Value, [SqlValue.Of(tenant.Value), SqlValue.Of(at)], cancellationToken);

    public Task EndAsync(TenantId tenant, DateTimeOffset at, CancellationToken cancellationToken) => database.WriteAsync(
        Statements.EndTenantDeletion, tenant.Value, [SqlValue.Of(tenant.Value), SqlValue.Of(at)], cancellationToken);

    public Task ForgetAsync(TenantId tenant, CancellationToken cancellationToken) => database.WriteAsync(
        Statements.ForgetTenantDeletion, tenant.Value, [SqlValue.Of(tenant.Value)], cancellationToken);

    public ValueTask<IReadOnlyList<TenantId>> ListUnfinishedAsync(int limit, CancellationToken cancellationToken) => database.ListAsync(
        Statements.ListTenantDeletions, [SqlValue.Of(limit)], static row => TenantId.Parse(row.GetText(0)), cancellationToken);
}
