namespace OpenClaw.Storage.Secrets;

/// <summary>The keys that protect secrets, as XML that holds them encrypted: every process on the database has the same ones.</summary>
/// <remarks>Throws <see cref="StorageUnavailableException"/> as <see cref="Sessions.ISessionLog"/> does.</remarks>
public interface IProtectionKeyStore
{
    /// <summary>All keys and revocations, by name.</summary>
    ValueTask<IReadOnlyList<ProtectionKeyState>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Adds one; durable when the task completes. A name that is there already is the same write, repeated.</summary>
    Task AddAsync(ProtectionKeyState key, CancellationToken cancellationToken);
}
