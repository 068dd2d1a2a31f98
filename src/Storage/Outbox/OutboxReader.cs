using OpenClaw.Grains.Abstractions.Tenants;
using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Outbox;

/// <inheritdoc/>
internal sealed class OutboxReader(ISqlDatabase database) : IOutbox
{
    private const int RemovePiece = 1000;

    public ValueTask<IReadOnlyList<OutboxRow>> ReadAsync(int limit, CancellationToken cancellationToken) => database.ListAsync(
        Statements.ReadOutbox,
        [SqlValue.Of(limit)],
        static row => new OutboxRow(
            row.GetInt64(0),
            row.GetText(1),
            row.GetText(2),
            new OutboxEntry(row.GetText(3), row.GetText(4), row.GetBytes(5)),
            row.GetTime(6)),
        cancellationToken);

    public async Task<bool> RemoveSomeAsync(TenantId tenant, CancellationToken cancellationToken) => await database.WriteAsync(
        Statements.RemoveTenantOutbox, "", [SqlValue.Of(tenant.Value), SqlValue.Of(RemovePiece)], cancellationToken) > 0;

    public async Task RemoveAsync(IReadOnlyCollection<long> positions, CancellationToken cancellationToken)
    {
        if (positions.Count > 0)
        {
            await database.WriteAsync(
                Statements.RemoveOutbox, "", [.. positions.Select(position => new[] { SqlValue.Of(position) })], cancellationToken);
        }
    }
}
