using OpenClaw.Grains.State;

namespace OpenClaw.Grains.Secrets;

/// <summary>The key that encrypts now, and those that did before.</summary>
internal sealed class KeyEncryptionKeys
{
    private readonly Dictionary<string, KeyEncryptionKey> _keys;

    private KeyEncryptionKeys(KeyEncryptionKey current, IEnumerable<string> previous)
    {
        Current = current;
        _keys = previous.Select(key => new KeyEncryptionKey(key)).Append(current).DistinctBy(key => key.Id).ToDictionary(key => key.Id);
    }

    public KeyEncryptionKey Current { get; }

    /// <summary>The configured keys, or the one in the data directory's file.</summary>
    /// <returns>The keys, and the file when this call made it.</returns>
    /// <exception cref="SecretProtectionException">The file cannot be read or written, or holds no key.</exception>
    public static async Task<(KeyEncryptionKeys Keys, string? NewFile)> LoadAsync(
        DataProtectionSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(settings.Key))
            return (new KeyEncryptionKeys(new KeyEncryptionKey(settings.Key), settings.PreviousKeys), null);
        var file = new OwnerFile(
            Path.Combine(settings.DataDirectory, DataProtectionSettings.FileName),
            KeyEncryptionKey.IsKey,
            KeyEncryptionKey.Generate,
            "holds no key of 32 bytes in base64; restore it from a backup, for what it encrypted cannot be read without it.");
        try
        {
            var (key, written) = await file.GetOrCreateAsync(time, cancellationToken);
            return (new KeyEncryptionKeys(new KeyEncryptionKey(key), settings.PreviousKeys), written ? file.Path : null);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidOperationException)
        {
            throw new SecretProtectionException(
                $"The protection key cannot be read from the data directory; set {DataProtectionSettings.Section}:Key, or: {failure.Message}", failure);
        }
    }

    /// <exception cref="SecretProtectionException">There is no such key.</exception>
    public KeyEncryptionKey Find(string id) => _keys.GetValueOrDefault(id) ?? throw new SecretProtectionException(
        $"The database's protection keys were encrypted with the key {id}, which this process does not have (it has {string.Join(", ", _keys.Keys)}). "
        + $"Set {DataProtectionSettings.Section}:Key to the value that the other processes have, or restore {DataProtectionSettings.FileName} in "
        + $"OpenClaw:DataDirectory; a key that was replaced belongs into {DataProtectionSettings.Section}:PreviousKeys.");
}
