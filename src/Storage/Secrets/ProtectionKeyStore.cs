using OpenClaw.Storage.Sql;

namespace OpenClaw.Storage.Secrets;

/// <inheritdoc/>
internal sealed class ProtectionKeyStore(ISqlDatabase database, TimeProvider time) : IProtectionKeyStore
{
    public ValueTask<IReadOnlyList<ProtectionKeyState>> ListAsync(CancellationToken cancellationToken) => database.ListAsync(
        Statements.ListProtectionKeys,
        [],
        static row => new ProtectionKeyState(row.GetText(0), row.GetProse(1)),
        cancellationToken);

    public Task AddAsync(ProtectionKeyState key, CancellationToken cancellationToken) => database.WriteAsync(
        Statements.AddProtectionKey,
        key.Name,
        [SqlValue.Of(key.Name), SqlValue.OfProse(key.Xml), SqlValue.Of(time.GetUtcNow())],
        cancellationToken);
}
